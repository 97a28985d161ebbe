/** `$0.00123`, `$1,234.50`: most costs are far below a cent. */
export function dollars(amount: number): string {
  const digits =
    amount > 0 && amount < 1 ? { maximumSignificantDigits: 3 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }
  return `$${amount.toLocaleString('en', digits)}`
}
