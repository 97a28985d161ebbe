import type { Command } from 'commander'
import type { Register } from '../program.js'
import { examples, REF } from './options.js'

export function registerMaintenance(program: Command, { run }: Register): void {
  const stats = program
    .command('stats')
    .argument('[ref]', `only of ${REF}`)
    .description('count what there is: workstreams, sessions, messages, bytes')
    .action(run(async () => (await import('../actions/show-stats.js')).showStats))
  examples(stats, [['arawn stats'], ['arawn stats "release notes" --json']])

  program
    .command('index')
    .description('build the index anew; it can be deleted at any time')
    .command('rebuild')
    .description('build it anew from the logs')
    .action(run(async () => (await import('../actions/rebuild-index.js')).rebuildIndex))

  program
    .command('doctor')
    .description('look at every byte of logs and index, and say what is wrong')
    .option('--fix', 'do what loses nothing: rebuild or level the index, remove what is left of killed work')
    .option('--restore-torn <name>', 'append the complete messages of a torn tail that was kept')
    .action(run(async () => (await import('../actions/doctor.js')).doctor))

  program
    .command('config')
    .description('show the settings and where they come from')
    .command('show')
    .description('show every setting and where its value comes from')
    .action(run(async () => (await import('../actions/show-config.js')).showConfig))
}
