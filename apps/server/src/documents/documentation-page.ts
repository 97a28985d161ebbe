import { API_PREFIX, type Route, routes } from '@arawn/core/protocol'

/** A page that lists what the server does. One file, without scripts, made of what the routes say of themselves. */
export function documentationPage(): string {
  const all = Object.values<Route>(routes)
  const sections = [...new Set(all.map(({ about }) => about))].map((subject) => {
    const rows = all.filter(({ about }) => about === subject).map(row)
    return `<h2>${text(subject)}</h2>\n<table>${rows.join('\n')}</table>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Arawn workstreams</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
h2 { text-transform: capitalize; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
td { padding: .3rem .6rem; border-top: 1px solid #ddd; vertical-align: top }
td:first-child { font: 14px ui-monospace, monospace; white-space: nowrap }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } td { border-color: #444 } a { color: #9cf } }
</style>
</head>
<body>
<h1>Arawn workstreams</h1>
<p>Everything lies below <code>${API_PREFIX}</code>; <a href="/openapi.json">openapi.json</a> says all of it to tools.
A <code>:ref</code> is an id, a title, or at least four characters of an id. Routes with a key take an <code>Idempotency-Key</code>.
Clients of OpenAI find <code>/v1/chat/completions</code> and <code>/v1/models</code>, those of the Model Context Protocol <code>/mcp</code>.</p>
${sections.join('\n')}
</body>
</html>
`
}

function row({ method, path, summary, keyed, stream }: Route): string {
  const notes = [keyed === true ? 'key' : '', stream === 'text/event-stream' ? 'events' : ''].filter(
    (note) => note !== '',
  )
  const tail = notes.length === 0 ? '' : ` <small>(${notes.join(', ')})</small>`
  return `<tr><td>${method} ${text(path)}</td><td>${text(summary)}${tail}</td></tr>`
}

function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
