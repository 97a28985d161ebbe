/**
 * Every error code with its facts. Callers branch on the code; docs/errors.md explains each one,
 * and a test holds that page against this list.
 */
export interface ErrorDetails {
  /** A value given by the caller breaks a rule. `path` names the field, `problem` says what is wrong. */
  INVALID_INPUT: { path: string; problem: string }
  /** A workstream id that the store refuses, before any path is built from it. */
  INVALID_WORKSTREAM_ID: { workstreamId: string }
  WORKSTREAM_NOT_FOUND: { reference: string; suggestions: readonly string[] }
  /** Several workstreams have the title, or the part of an id, that was asked for. At most 20 candidates. */
  WORKSTREAM_AMBIGUOUS: {
    reference: string
    candidates: readonly { id: string; title: string | null }[]
  }
  WORKSTREAM_EXISTS: { workstreamId: string }
  /** The workstream is archived, and archived is read-only. */
  WORKSTREAM_ARCHIVED: { workstreamId: string }
  /** The state cannot change this way, for example scratch cannot be archived. */
  STATE_CHANGE_REFUSED: { workstreamId: string; from: string; to: string }
  WORKSTREAMS_DISABLED: { setting: string }
  SESSION_NOT_FOUND: { workstreamId: string; sessionId: string }
  /** Nothing to end: the workstream has no active session. */
  SESSION_NOT_ACTIVE: { workstreamId: string; sessionId: string | null }
  MESSAGE_NOT_FOUND: { workstreamId: string; messageId: string }
  /** Everything that should be moved out of scratch is gone, or was moved before. */
  NOTHING_TO_PROMOTE: { workstreamId: string }
  /** An idempotency key that stands for another request. `workstreamId` null: the key is unique in the data dir. */
  IDEMPOTENCY_KEY_REUSED: { workstreamId: string | null; key: string }
  /** The trash holds nothing by this name. */
  TRASH_ENTRY_NOT_FOUND: { name: string }
  /** Several entries of the trash may be meant. */
  TRASH_ENTRY_AMBIGUOUS: {
    reference: string
    candidates: readonly { name: string; title: string | null }[]
  }
  /** The quarantine holds no torn tail by this name. */
  TORN_TAIL_NOT_FOUND: { name: string }
  /** Other processes kept the write lock past the deadline. */
  LOCK_TIMEOUT: { waitedMs: number }
  /** One record is too large for one line of a log. */
  LOG_LINE_TOO_LONG: { workstreamId: string; log: string; bytes: number; limitBytes: number }
  /** The disk is full; the log is as it was. */
  LOG_FULL: { workstreamId: string; log: string }
  /** Writing or syncing failed; the log is as it was. */
  LOG_WRITE_FAILED: { workstreamId: string; log: string; operation: string; errno: string }
  /** Writing failed and so did taking it back: whether the records are there is known only after a verification. */
  LOG_APPEND_UNCERTAIN: { workstreamId: string; log: string; errno: string }
  LOG_READ_FAILED: { workstreamId: string; log: string; errno: string }
  /** The data dir cannot be created, opened or written. */
  DATA_DIR_UNUSABLE: { path: string; errno: string }
  /** The index is being rebuilt and was not ready before the deadline. Try again. */
  INDEX_REBUILDING: { waitedMs: number }
  /** The index could not be made usable even by a rebuild. The logs are untouched. */
  INDEX_UNUSABLE: { path: string; problem: string }
  CONFIG_INVALID: {
    file: string | null
    line: number | null
    key: string
    problem: string
    suggestion: string | null
  }
  /** `isEmpty`: nothing is wrong with the file, there is just no message in it. */
  IMPORT_UNREADABLE: { file: string; problem: string; isEmpty: boolean }
  EXPORT_TARGET_EXISTS: { path: string }
  /** A restore would take the place of a workstream, or of other files, that are there. */
  RESTORE_CONFLICT: { workstreamId: string }
  /** No profile of the settings has this name. */
  MODEL_PROFILE_UNKNOWN: { profile: string; suggestions: readonly string[] }
  /** The variable that should hold the provider's key is not set. */
  MODEL_KEY_MISSING: { profile: string; variable: string }
  /** The provider refuses the key. */
  MODEL_AUTH: { profile: string; status: number | null }
  /** The provider has no model of this name, or not for this key. */
  MODEL_NOT_FOUND: { profile: string; model: string }
  /** The provider says that what was sent does not fit. */
  MODEL_OVERFLOW: { profile: string; model: string; windowTokens: number }
  MODEL_RATE_LIMITED: { profile: string; retryAfterMs: number | null }
  /** The provider cannot be reached, or the connection was cut. */
  MODEL_UNREACHABLE: { profile: string; errno: string }
  /** The provider failed, or answered what cannot be understood. */
  MODEL_FAILED: { profile: string; status: number | null; problem: string }
  /** The provider refuses this request, for what it says or how it is made. */
  MODEL_REFUSED: { profile: string; status: number | null; problem: string }
  /** Somebody stopped the call. */
  MODEL_ABORTED: { profile: string }
  /** What has to be in a context does not fit into the model's window. `setting` is the one to change. */
  CONTEXT_TOO_LARGE: { neededTokens: number; windowTokens: number; setting: string }
  /** Another turn runs in this workstream. */
  WORKSTREAM_BUSY: { workstreamId: string; interactionId: string }
  /** A turn that was over went on: its process was taken for dead, or its workstream is gone. */
  TURN_OVER: { workstreamId: string; interactionId: string }
  /** A caller told a conversation of so many messages, and it is not the one that is stored. */
  HISTORY_DIVERGED: { workstreamId: string; messages: number }
  TURN_NOT_FOUND: { workstreamId: string; interactionId: string }
  /** A server wants a token, and this is not it. */
  UNAUTHORIZED: { scheme: string }
  /** A server does not answer to this `Host`, or pages of this `Origin`. */
  ORIGIN_REFUSED: { header: string; value: string }
  /** A server has no such address, or it takes another method. */
  ROUTE_NOT_FOUND: { method: string; path: string }
  /** What was sent to a server cannot be read: no JSON, another encoding, a header too many. */
  REQUEST_UNREADABLE: { problem: string }
  /** What was sent to a server is larger than it takes. */
  BODY_TOO_LARGE: { limitBytes: number }
  RATE_LIMITED: { retryAfterMs: number }
  /** The workstream has changed since the version that `If-Match` names. */
  PRECONDITION_FAILED: { workstreamId: string; expected: string; actual: string }
  /** A client cannot reach its server, or the connection was cut. `problem`: an errno or a few words. */
  SERVER_UNREACHABLE: { url: string; problem: string }
  /** What answers at the address is no Arawn server, or one of another version. */
  SERVER_ANSWER_UNREADABLE: { url: string; status: number; problem: string }
  /** The manager or store was closed; open a new one. */
  CLOSED: { what: string }
  /** A broken promise inside Arawn. Please report it. */
  INTERNAL: { problem: string }
}
