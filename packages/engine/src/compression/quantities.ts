/** Numbers with their unit and dates that are written in more than one word. */

/** Whether the word can follow a number as what is counted or measured. */
export function isUnit(word: string): boolean {
  return UNITS.has(word.toLowerCase())
}

const UNITS = new Set(
  `b kb mb gb tb kib mib gib tib bytes byte bits bit ns ms s sec secs second seconds min mins minute minutes h hr hrs
  hour hours day days week weeks month months year years px pt em % percent € £ usd eur gbp dollars euros hz khz mhz ghz
  mm cm m km mi miles g kg lb lbs w kw kwh v a °c °f
  test tests failure failures error errors warning warnings file files line lines commit commits token tokens message
  messages row rows column columns request requests item items user users customer customers people times retries
  attempts connections threads workers cores replicas pods nodes req/s rps qps issue issues task tasks step steps
  sekunden sekunde minuten stunden stunde tage tag wochen monate jahre prozent dateien zeilen fehler nachrichten nutzer
  secondes heures jours semaines mois ans fichiers lignes erreurs utilisateurs
  segundos minutos horas días semanas meses años archivos líneas errores usuarios linhas arquivos erros
  secondi minuti ore giorni settimane mesi anni файлов строк ошибок секунд минут часов дней`.split(/\s+/),
)

const MONTH =
  '(?:Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|June?|Juni|July?|Juli|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Okt(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|Dez(?:ember)?|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)'
const IS_MONTH = new RegExp(`^${MONTH}$`, 'i')
const MONTH_FIRST = new RegExp(`${MONTH}\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?(?![\\d:])`, 'iy')
const DAY_FIRST = new RegExp(`\\d{1,2}(?:\\.|st|nd|rd|th)? (?:de )?${MONTH}(?:,? (?:de )?\\d{4})?(?!\\p{L})`, 'iuy')
const EAST_ASIAN = /\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日/g

export function isMonth(word: string): boolean {
  return word.length < 12 && IS_MONTH.test(word)
}

/** The date that begins exactly there, day or month first. */
export function dateAt(text: string, at: number): string | undefined {
  for (const pattern of [MONTH_FIRST, DAY_FIRST]) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) return found[0]
  }
  return undefined
}

export function eastAsianDatesIn(line: string): string[] {
  return line.includes('月') ? [...line.matchAll(EAST_ASIAN)].map(([date]) => date) : []
}
