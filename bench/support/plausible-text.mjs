// Text with words as common and as varied as those of people: the hundred most common ones are half of it, the thousand
// most common ones 70 % (real chats: 35 to 50 and 75 to 85). Now and then a name of a program. The same at
// every run.
let state = 42
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}

const SYLLABLES = 'ba co du fe gi ho ju ka le mi no pu ra se ti vo wa xe yi zo tra sto pli gre cha'.split(' ')
const ENDINGS = ['', '', '', '', 's', 'ed', 'ing', 'tion', 'ly']
const VOCABULARY = 30_000
const stems = Array.from({ length: VOCABULARY }, (_, rank) => {
  const syllables = rank < 200 ? 1 : 2 + Math.floor(random() * 2)
  return (
    Array.from({ length: syllables }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join('') +
    (rank % 7).toString().replace(/\d/, (digit) => 'nrstlmk'[Number(digit)])
  )
})

/** A word of about this rank: 0 is the most common. */
export const wordOfRank = (rank) => stems[rank]

function word() {
  const rank = Math.floor(VOCABULARY ** (random() ** 1.25))
  const stem = stems[Math.min(rank, VOCABULARY) - 1]
  const kind = random()
  if (kind < 0.02) return `${stem}_${stems[rank % 500]}`
  if (kind < 0.03) return `src/${stem}/${stems[rank % 500]}.ts`
  // Most words are used in one form mostly.
  const ending = kind < 0.15 ? Math.floor(random() * ENDINGS.length) : rank % ENDINGS.length
  return stem + ENDINGS[ending]
}

/** @param characters about how long */
export function plausibleText(characters) {
  let text = ''
  while (text.length < characters) text += `${word()} `
  return text.trim()
}
