// docs/benchmarks.md: a section for each benchmark, each saying when and where it was measured. A run replaces its own.
import { execSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

const HEAD = `# Benchmarks

Written by \`npm run bench\`, and in part by \`npm run bench:recall\`; each section says when.

The machine is shared and noisy: read the ratios, which were measured in turns within one run, rather than the absolute figures. A limit is what the same machine does in the same run with nothing but the bare calls; the ratio is how much of it the product reaches: the median of the rounds, and in brackets the least and the greatest. Messages are about 900 bytes a line; every append is on disk (fdatasync) before it counts.
`

/** @param measured rows by the name of their benchmark @param names of all benchmarks, in order */
export function writeBenchmarks(file, measured, names) {
  const sections = new Map(existsSync(file) ? readSections(readFileSync(file, 'utf8')) : [])
  for (const [name, rows] of measured) sections.set(name, sectionOf(name, rows))
  const kept = names.filter((name) => sections.has(name)).map((name) => sections.get(name))
  writeFileSync(file, [HEAD, ...kept].join('\n'))
}

function readSections(page) {
  return page
    .split(/^(?=## )/m)
    .slice(1)
    .map((section) => [/^## (.*)/.exec(section)?.[1], `${section.trimEnd()}\n`])
}

function sectionOf(name, rows) {
  const cells = ({ name: what, value = '', limit = '', ratio = '', goal = '' }) =>
    `| ${what} | ${value} | ${limit} | ${ratio} | ${goal} |`
  const measured = new Map()
  for (const row of rows) measured.set(row.how, [...(measured.get(row.how) ?? []), row.name])
  const how = [...measured].map(([text, of]) => `- ${of.join('; ')}: ${text}`)
  return `## ${name}\n\n${whenAndWhere()}\n\n| what | measured | limit, same run | ratio | goal |\n|---|---|---|---|---|\n${rows.map(cells).join('\n')}\n\nHow it is measured:\n\n${how.join('\n')}\n`
}

function whenAndWhere() {
  const commit = execSync('git rev-parse --short HEAD', { encoding: 'utf8' }).trim()
  const [cpu] = cpus()
  const machine = `${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}`
  return `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${machine}.`
}
