import type { LogStore } from '@arawn/core/log-store'

/** The logs of the test that runs. */
export interface LogsInTest {
  /** Opened before each test, closed behind it. */
  readonly store: LogStore
  /** Another store on the same logs, as another part of the program would open it. */
  open(): Promise<LogStore>
}
