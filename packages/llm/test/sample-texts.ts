import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const hashes = (count: number) => Array.from({ length: count }, (_, index) => createHash('sha256').update(`${index}`))

/** A sentence or two each, of what vocabularies treat most differently. */
export const rareTexts: Readonly<Record<string, string>> = {
  arabic: 'مساء أمس تحدثنا مرة أخرى عن النسخ الاحتياطية. الخادم موجود في القبو ولا أحد يعرف متى أعيد تشغيله آخر مرة.',
  hindi: 'कल शाम हमने एक बार फिर बैकअप के बारे में बात की। सर्वर तहखाने में रखा है और कोई ठीक से नहीं जानता।',
  hebrew: 'אתמול בערב דיברנו שוב על הגיבויים. השרת עומד במרתף ואף אחד לא יודע בדיוק מתי הופעל מחדש לאחרונה.',
  thai: 'เมื่อคืนนี้เราคุยกันเรื่องการสำรองข้อมูลอีกครั้ง เซิร์ฟเวอร์อยู่ในห้องใต้ดินและไม่มีใครรู้แน่ชัด',
  korean: '어젯밤에 우리는 백업에 대해 다시 한 번 이야기했습니다. 서버는 지하실에 있고 아무도 정확히 모릅니다.',
  greek: 'Χθες το βράδυ μιλήσαμε ξανά για τα αντίγραφα ασφαλείας. Ο διακομιστής βρίσκεται στο υπόγειο.',
  vietnamese: 'Tối qua chúng tôi lại nói về các bản sao lưu. Máy chủ nằm ở tầng hầm và không ai biết chính xác.',
  emoji: '🦆🎉👍🏽👩‍👩‍👧‍👦🔥✨ ok 😂😂 🚀',
  mathematics: '∀x∈ℝ: x² ≥ 0 ∧ √(x²) = |x| → ∑ᵢ xᵢ ≤ ∞',
  frames: '┌──────────┐\n│ manager  │\n└──────────┘ ──► core\n',
}

/** What people and tools write, of several kinds; no kind is shorter than a page. */
export const sampleTexts: Readonly<Record<string, string>> = {
  english: read('texts/english.txt'),
  german: read('texts/german.txt'),
  french: read('texts/french.txt'),
  russian: read('texts/russian.txt'),
  chinese: read('texts/chinese.txt'),
  japanese: read('texts/japanese.txt'),
  code: ['../src/open-language-models.ts', '../src/adapter/failure.ts', '../src/adapter/watched-parts.ts']
    .map(read)
    .join('\n'),
  json: read('../package.json').repeat(2),
  'compact json': JSON.stringify(
    Array.from({ length: 60 }, (_, index) => ({
      v: 1,
      stamp: 1_795_219_122_123_456 + index * 7919,
      id: `msg_01kgz${index}x8e9f0a1b2c3d4`,
      session_id: 'ses_01kgzq8x0ve8t9x7w6v5',
      timestamp: new Date(1_795_219_122_000 + index * 61_000).toISOString(),
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: 'What about the backups?',
    })),
  ),
  paths: readdirSync(new URL('../src', import.meta.url), { recursive: true })
    .map((name) => `/home/ada/projects/arawn/packages/llm/src/${name}`)
    .sort()
    .join('\n'),
  markdown: read('../../../docs/architecture.md'),
  'shell output': Array.from(
    { length: 60 },
    (_, index) =>
      `-rw-r--r-- 1 ada users ${(index * 7919) % 100_000} Nov ${(index % 28) + 1} 10:${10 + (index % 50)} report-${index}.log`,
  ).join('\n'),
  hashes: hashes(60)
    .map((hash) => hash.digest('hex'))
    .join('\n'),
  base64: hashes(60)
    .map((hash) => hash.digest('base64'))
    .join('\n'),
}
