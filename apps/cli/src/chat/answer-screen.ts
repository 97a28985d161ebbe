import type { Message } from '@arawn/core/message'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { Desk } from '../command.js'
import { fit } from '../terminal/fit.js'
import { printable, printableLine } from '../terminal/printable.js'
import { promotedLine } from '../terminal/promoted-line.js'

// Of a call there is one line, however much is asked.
const CALL_COLUMNS = 100

/** Shows an answer as it comes. On stdout is what was said and nothing else; tools are told of on stderr. */
export function createAnswerScreen({ world, colours, notice }: Desk) {
  const { stdout, stderr } = world
  let isLineOpen = false
  // Half of a line end: the other half comes with the next piece.
  let held = ''

  async function say(text: string): Promise<void> {
    const whole = held + text
    held = whole.endsWith('\r') ? '\r' : ''
    const shown = printable(whole.slice(0, whole.length - held.length))
    if (shown === '') return
    isLineOpen = !shown.endsWith('\n')
    await stdout.write(shown)
  }

  async function endLine(): Promise<void> {
    held = ''
    if (isLineOpen) await stdout.write('\n')
    isLineOpen = false
  }

  async function tell(message: Message): Promise<void> {
    const line = toolLine(message)
    if (line === undefined) return
    if (stderr.isTerminal) await stderr.write(`${colours.dim(fit(line, (stderr.columns ?? CALL_COLUMNS) - 1))}\n`)
    else await notice(fit(line, CALL_COLUMNS))
  }

  return {
    async show(event: TurnEvent): Promise<void> {
      if (event.type === 'turn.delta') return say(event.text)
      if (event.type === 'turn.started') return
      await endLine()
      if (event.type === 'message.created') await tell(event.message)
      if (event.type === 'turn.promoted') await notice(promotedLine(event))
    },
  }
}

function toolLine({ role, content, metadata }: Message): string | undefined {
  const name = String(metadata?.tool_name ?? 'a tool')
  if (role === 'tool_use') return printableLine(`→ ${name} ${JSON.stringify(metadata?.arguments ?? {})}`)
  if (role === 'tool_result' && metadata?.is_error === true) return printableLine(`✗ ${name}: ${content}`)
  return undefined
}
