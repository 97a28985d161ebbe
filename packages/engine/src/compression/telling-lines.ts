/** Lines and sentences that weigh more than others: errors, and what somebody decided. Best effort, in some languages. */

/**
 * The error that a line reports, without the time in front of it; undefined for other lines. Code that handles errors
 * is no error: only lines that begin with one count.
 */
export function errorIn(line: string): string | undefined {
  // A cheap look first: most lines are no errors.
  if (!MAY_BE_ERROR.test(line)) return undefined
  const found = ERROR_LINE.exec(line.slice(0, 400))
  return found === null ? undefined : shortened(found[1] ?? '', MAX_ERROR)
}

const MAX_ERROR = 160
const MAY_BE_ERROR = /[eE]rror|ERROR|[eE]xception|fatal|FATAL|panic|FAIL|Fehler|[eE]rreur|Ошибка|错误|エラー/
// Bounded repetitions only: a line of any kind costs at most some hundred steps.
const ERROR_LINE =
  /^[\s>*|│└├─✗✘×●✖-]{0,20}(?:\[?\d[\d:.,TZ -]{5,30}\]?[ \t]{0,3})?((?:\*\* )?[([]?(?:[A-Za-z_][\w.]{0,80}(?:Error|Exception)[):\]]|(?:error|Error|ERROR|fatal|FATAL|panic|Fehler|Erreur|erreur|Ошибка|错误|エラー)(?:\[[A-Z]{0,6}\d{1,6}\]|[ \t][A-Z]{1,6}\d{1,6})?[):\]：]|FAIL(?:ED)?[ :]).{2,380})/

/** Whether a sentence says what was decided, or forbids or demands something for good. A question decides nothing. */
export function saysDecision(sentence: string): boolean {
  return DECISION.test(sentence) && !/[?？]["')\s]*$/.test(sentence)
}
const DECISION =
  /\b(?:decided|decision|we agreed|agreed to|let['’]s (?:use|go with|keep|stick|do)|we(?:['’]ll| will| should) (?:use|go|keep|stick|store|call)|i(?:['’]ll| will) (?:use|go with|keep)|going with|instead of|rather than|chose|chosen|settled on|switch(?:ed|ing)? to|must not|must always|(?:do not|don['’]t|never|always) (?:use|add|change|touch|commit|push|run)|no longer|prefer(?:red)? to|beschlossen|entschieden|entscheidung|stattdessen|anstatt|wir nehmen|décidé|plutôt que|au lieu de|on va utiliser|decidido|decidimos|vamos a usar|en lugar de|en vez de|em vez de|vamos usar|deciso|invece di|usiamo)(?![\p{L}\p{N}_])|решили|решено|решил|вместо|выбрали|决定|決定|改用|采用|採用|选择了|而不是|にしました|ことに(?:した|する|します)|代わりに|결정|대신|하기로/iu

/** At most so many characters of the beginning, cut between words where there are any. */
export function shortened(text: string, limit: number): string {
  const line = text.trim()
  if (line.length <= limit) return line
  const cut = line.slice(0, limit)
  const blank = cut.lastIndexOf(' ')
  return (blank > limit / 2 ? cut.slice(0, blank) : cut).replace(LONE_SURROGATE, '').trim()
}
const LONE_SURROGATE = /[\ud800-\udbff]$/
