/** What providers add around texts, in tokens, rather too much than too little. */

/** Role and borders of a message. */
export const MESSAGE_TOKENS = 4
/** Line ends between the texts in one message. */
export const PIECE_TOKENS = 4
/** Id and frame of a call or a result. */
export const CALL_TOKENS = 12
