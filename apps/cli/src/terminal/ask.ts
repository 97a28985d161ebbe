import { createInterface } from 'node:readline'

// What is pasted comes in pieces; nobody types that fast.
const TOGETHER_MS = 20
let history: string[] = []

/**
 * What somebody types at a prompt; undefined at its end (Ctrl-D). Lines that are pasted together are one text. Between two
 * questions the terminal is as it was: Ctrl-C is a signal then.
 */
export function ask(prompt: string): Promise<string | undefined> {
  const { stdin: input, stdout, stderr } = process
  return new Promise((resolve) => {
    const output = stdout.isTTY ? stdout : stderr
    const reader = createInterface({ input, output, prompt, history, historySize: 200 })
    const lines: string[] = []
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      clearTimeout(timer)
      reader.close()
    }
    // The end of what was pasted may lack its line end: it can be changed until Enter.
    const look = () => {
      if (reader.line === '') end()
    }
    reader.on('history', (lately: string[]) => {
      history = lately
    })
    reader.on('line', (line) => {
      lines.push(line)
      clearTimeout(timer)
      timer = setTimeout(look, TOGETHER_MS)
    })
    reader.on('SIGINT', () => {
      lines.length = 0
      end()
      process.emit('SIGINT')
    })
    reader.on('close', () => {
      if (lines.length === 0) output.write('\n')
      resolve(lines.length === 0 ? undefined : lines.join('\n'))
    })
    reader.prompt()
  })
}
