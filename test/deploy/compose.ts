import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

export const root = resolve(import.meta.dirname, '../..')
export const text = (path: string) => readFileSync(join(root, path), 'utf8')

export type Service = {
  image: string
  build?: string | { context: string; dockerfile: string }
  command?: string[]
  environment?: Record<string, string | null>
  volumes?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  networks?: { inside: { ipv4_address?: string } }
  network_mode?: string
  stop_grace_period?: string
  restart?: string
  profiles?: string[]
}
export type ComposeFile = { services: Record<string, Service>; volumes: Record<string, null> }

/** deploy/compose.yaml as Docker reads it, with these values for its variables. */
export function readCompose(variables: Readonly<Record<string, string>>): ComposeFile {
  const filled = text('deploy/compose.yaml').replaceAll(
    /\$\{(\w+)(?::([?-])([^}]*))?\}/g,
    (_, name: string, kind: string | undefined, rest: string) => {
      const value = variables[name]
      if (value) return value
      if (kind === '-') return rest
      throw new Error(rest || `${name} is not set`)
    },
  )
  return parse(filled, { merge: true })
}

/** What the variables of an example of settings are called. */
export const variablesOf = (path: string): string[] =>
  [...text(path).matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(match => match[1]!)

/** `node1 10.0.0.11:3000` and so on, of HAProxy's main backend. */
export function serversOf(haproxy: string): Map<string, string> {
  const [, backend = ''] = /^backend wisp\b(.*?)(?=^\S|$(?![\s\S]))/ms.exec(haproxy) ?? []
  return new Map([...backend.matchAll(/^ +server (\w+) (\S+)/gm)].map(match => [match[1]!, match[2]!]))
}
