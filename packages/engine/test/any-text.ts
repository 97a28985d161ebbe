import fc from 'fast-check'

/** Words, names, scripts with and without spaces, halves of pairs, control characters: whatever a message can hold. */
export const textOfAnyKind = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'getUserName',
        'log-store.ts',
        'src/a_b.c',
        '東京都に',
        'ไทย',
        'क्‍षि',
        '👩‍👩‍👧‍👦',
        'e\u0301',
        '\ud83e',
        '\udd86',
      ),
      fc.constantFrom('running', 'Connections', 'OR', '"', '*', '-', ' ', '\n', '\u0000', '\u202e', '\u001b[31m'),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))
