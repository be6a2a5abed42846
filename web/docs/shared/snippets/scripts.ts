import type { CallRequest } from '../call.ts'

const json = (value: unknown, indent = '') => JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`)

/** Nothing in single quotes means anything to a shell but the quote. */
const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

export function curl({ method, url, body, file, needsToken }: CallRequest): string {
  const parts = [
    `curl ${method === 'POST' ? '-X POST ' : ''}${shell(url)}`,
    ...(needsToken ? ['-H "Authorization: Bearer $DEV_TOKEN"'] : []),
    ...(body ? [`-H 'Content-Type: application/json'`, `-d ${shell(json(body))}`] : []),
    ...(file ? [`-F ${shell(`${file.input}=${file.text};filename=${file.name}`)}`] : []),
  ]
  return parts.join(' \\\n  ')
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

export function typescript({ method, url, body, file, needsToken }: CallRequest): string {
  const headers = [
    ...(needsToken ? [`authorization: \`Bearer \${process.env.DEV_TOKEN}\``] : []),
    ...(body ? [`'content-type': 'application/json'`] : []),
  ]
  const init = [
    ...(method === 'POST' ? [`method: 'POST'`] : []),
    ...(headers.length > 0 ? [`headers: { ${headers.join(', ')} }`] : []),
    ...(body ? [`body: JSON.stringify(${json(body, '  ')})`] : []),
    ...(file ? ['body: form'] : []),
  ]
  const rest = init.length > 0 ? `, {\n  ${init.join(',\n  ')},\n}` : ''
  const form = file
    ? `const form = new FormData()\nform.append(${quoted(file.input)}, new Blob([${JSON.stringify(file.text)}]), ${quoted(file.name)})\n`
    : ''
  return `${form}const response = await fetch(${quoted(url)}${rest})
const { retCode, retMessage, body } = await response.json()
if (retCode !== '0') throw new Error(\`\${retCode} \${retMessage}\`)
console.log(body)`
}

export function php({ method, url, body, needsToken }: CallRequest): string {
  const headers = [
    ...(needsToken ? [`'Authorization: Bearer ' . getenv('DEV_TOKEN')`] : []),
    ...(body ? [`'Content-Type: application/json'`] : []),
  ]
  const options = [
    `'method' => '${method}'`,
    ...(headers.length > 0 ? [`'header' => [${headers.join(', ')}]`] : []),
    `'ignore_errors' => true`,
    ...(body ? [`'content' => json_encode(${phpValue(body, '    ')})`] : []),
  ]
  return `<?php
$context = stream_context_create(['http' => [
    ${options.join(',\n    ')},
]]);
$answer = json_decode(file_get_contents(${quoted(url)}, false, $context), true);
if ($answer['retCode'] !== '0') throw new Exception("{$answer['retCode']} {$answer['retMessage']}");
print_r($answer['body']);`
}

function phpValue(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = `${indent}    `
  const rows = Array.isArray(value)
    ? value.map(one => phpValue(one, inner))
    : Object.entries(value).map(([key, one]) => `${quoted(key)} => ${phpValue(one, inner)}`)
  return rows.length === 0 ? '[]' : `[\n${inner}${rows.join(`,\n${inner}`)},\n${indent}]`
}

export function python({ url, body, needsToken }: CallRequest): string {
  const headers = [
    ...(needsToken ? [`'Authorization': 'Bearer ' + os.environ['DEV_TOKEN']`] : []),
    ...(body ? [`'Content-Type': 'application/json'`] : []),
  ]
  const rest = [
    quoted(url),
    ...(headers.length > 0 ? [`headers={${headers.join(', ')}}`] : []),
    ...(body ? [`data=json.dumps(${pythonValue(body, '    ')}).encode()`] : []),
  ]
  return `import json, os, urllib.request

request = urllib.request.Request(
    ${rest.join(',\n    ')},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
if answer['retCode'] != '0':
    raise Exception(answer['retCode'] + ' ' + answer['retMessage'])
print(answer.get('body'))`
}

function pythonValue(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return String(value)
  if (value === null) return 'None'
  const inner = `${indent}    `
  if (Array.isArray(value)) return `[${value.map(one => pythonValue(one, inner)).join(', ')}]`
  const rows = Object.entries(value).map(([key, one]) => `${quoted(key)}: ${pythonValue(one, inner)}`)
  return rows.length === 0 ? '{}' : `{\n${inner}${rows.join(`,\n${inner}`)},\n${indent}}`
}
