import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { environmentTable } from '../../server/platform/config.ts'
import { readCompose, root, serversOf, text, variablesOf } from './compose.ts'

const required = [
  'POSTGRES_PASSWORD',
  'REPLICATION_PASSWORD',
  'MONITOR_PASSWORD',
  'WISP_SECRET_KEY',
  'WISP_PUBLIC_URL',
]
const given = Object.fromEntries(required.map(name => [name, `of-${name}`]))
const source = text('deploy/compose.yaml')
const { services, volumes } = readCompose(given)
const wisps = Object.entries(services).filter(([, one]) => one.image === 'wisp')
const secondsOf = (duration = '0s') => Number.parseInt(duration, 10)

describe('deploy/compose.yaml', () => {
  it('asks for each secret, and has none by default', () => {
    for (const name of required)
      expect(() => readCompose({ ...given, [name]: '' }), name).toThrow(`set ${name} in .env`)
    expect(source).not.toMatch(/(PASSWORD|SECRET)[A-Z_]*:?-/)
    expect(source).not.toContain('env_file')
    const used = [...source.matchAll(/\$\{(\w+)/g)].map(match => match[1]!)
    expect([...new Set(used)].sort()).toEqual(variablesOf('deploy/compose.env.example').sort())
  })

  it('hands every setting of wisp to each node, and none that wisp does not read', () => {
    const known = environmentTable().map(one => one.name)
    expect(wisps.map(([name]) => name).sort()).toEqual(['backup', 'node1', 'node2'])
    for (const [name, { environment = {} }] of wisps)
      expect(Object.keys(environment).sort(), name).toEqual([...known].sort())
  })

  it('names images by tag or builds them, of files that are there', () => {
    for (const [name, { image, build }] of Object.entries(services)) {
      if (name === 'backup') continue
      if (!build) expect(image, name).toMatch(/^\w+:\d/)
      const dockerfile = typeof build === 'object' ? join('deploy', build.dockerfile) : 'Dockerfile'
      if (!build) continue
      const context = typeof build === 'object' ? 'deploy' : '.'
      const copied = [...text(dockerfile).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(m =>
        m[1]!.split(' '),
      )
      expect(copied.filter(path => !existsSync(join(root, context, path)))).toEqual([])
    }
  })

  it('mounts files that are there, where they are looked for, and volumes that it declares', () => {
    const mounts = Object.values(services).flatMap(one => one.volumes ?? [])
    const files = mounts.filter(one => one.startsWith('./')).map(one => one.split(':')[0]!)
    expect(files.filter(path => path !== './tls' && !existsSync(join(root, 'deploy', path)))).toEqual([])
    expect(text('deploy/haproxy.cfg')).toContain('crt /etc/ssl/wisp/wisp.pem')
    expect(mounts).toContain('./tls:/etc/ssl/wisp:ro')
    const named = mounts.filter(one => !one.startsWith('.')).map(one => one.split(':')[0]!)
    expect(named.sort()).toEqual(Object.keys(volumes).sort())
    // What an image keeps is kept.
    const kept = { wisp: 'Dockerfile', 'wisp-database:17': 'deploy/database.Dockerfile' }
    for (const [image, dockerfile] of Object.entries(kept)) {
      const [, folder] = /^VOLUME (\S+)$/m.exec(text(dockerfile)) ?? []
      const users = Object.entries(services).filter(
        ([name, one]) => one.image === image && !/^(pgb|backup)/.test(name),
      )
      for (const [name, one] of users) expect(one.volumes?.join(), name).toContain(`:${folder}`)
    }
  })

  it('agrees with the settings beside it on addresses and ports', () => {
    const { environment = {} } = services['node1']!
    const [pooled, direct] = ['WISP_DATABASE_URL', 'WISP_DATABASE_DIRECT_URL'].map(name =>
      [...String(environment[name]).matchAll(/(\w+):(\d+)(?=[,/])/g)].map(
        match => [match[1]!, match[2]!] as const,
      ),
    )
    const pgbouncer = text('deploy/pgbouncer.ini')
    const port = /^listen_port = (\d+)$/m.exec(pgbouncer)?.[1]
    const target = /^wisp = host=127.0.0.1 port=(\d+)$/m.exec(pgbouncer)?.[1]
    const databases = Object.keys(services).filter(name => /^db\d/.test(name))
    expect(pooled).toEqual(databases.map(name => [name, port]))
    expect(direct).toEqual(databases.map(name => [name, target]))
    const beside = Object.entries(services).filter(([name]) => name.startsWith('pgbouncer'))
    expect(beside.map(([, one]) => one.network_mode)).toEqual(databases.map(name => `service:${name}`))
    const servers = serversOf(text('deploy/haproxy.cfg'))
    for (const name of ['node1', 'node2'])
      expect(servers.get(name), name).toBe(
        `${services[name]?.networks?.inside.ipv4_address}:${environment['WISP_PORT']}`,
      )
    for (const name of ['node1', 'node2'])
      expect(services[name]?.environment?.['WISP_NODE_NAME'], name).toBe(name)
    expect(environment['WISP_TRUSTED_PROXIES']).toBe(services['haproxy']?.networks?.inside.ipv4_address)
    for (const bound of services['haproxy']?.ports ?? [])
      expect(text('deploy/haproxy.cfg')).toMatch(new RegExp(`bind :${bound.split(':')[1]}\\b`))
  })

  it('starts in an order that can be kept, watches all that serves, and lets nodes finish', () => {
    for (const [name, one] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(one.depends_on ?? {})) {
        expect(Object.keys(services), name).toContain(other)
        if (condition === 'service_healthy') expect(services[other]?.healthcheck, other).toBeDefined()
      }
      if (name !== 'backup') expect(one.restart, name).toBe('unless-stopped')
      if (!['haproxy', 'backup'].includes(name)) expect(one.healthcheck, name).toBeDefined()
    }
    const drain = environmentTable().find(one => one.name === 'WISP_DRAIN_SECONDS')?.default
    for (const name of ['node1', 'node2'])
      expect(secondsOf(services[name]?.stop_grace_period)).toBeGreaterThanOrEqual(Number(drain) + 40)
  })

  it('runs the packages that npm run soak tries', () => {
    const [, packages = ''] =
      /install -y --no-install-recommends (postgresql-17 .*?) \\$/m.exec(
        text('deploy/database.Dockerfile'),
      ) ?? []
    const tried = text('scripts/test/system.ts')
    const named = packages.split(' ').filter(name => name !== 'postgresql-17')
    expect(named.length).toBe(3)
    expect(named.filter(name => !tried.includes(`'${name}'`))).toEqual([])
  })
})

it('deploy/README.md says of each file which test uses it, and that one names it', () => {
  const list = text('deploy/README.md')
  const ignored = ['README.md', '.env', 'tls']
  for (const name of readdirSync(join(root, 'deploy')).filter(one => !ignored.includes(one))) {
    const line = list.split('\n').find(one => one.startsWith('|') && one.includes(`\`${name}\``)) ?? ''
    const tests = [...line.matchAll(/`(test\/[^`]+)`/g)].map(match => match[1]!)
    expect(tests, name).not.toEqual([])
    expect(tests.filter(path => !existsSync(join(root, path)))).toEqual([])
    expect(
      tests.filter(path => !withImports(path).includes(name)),
      `do not name ${name}`,
    ).toEqual([])
  }
})

/** A test with all that it imports from the files for tests, and from those that make files. */
function withImports(path: string, seen = new Set<string>()): string {
  seen.add(path)
  const source = text(path)
  const imported = [...source.matchAll(/ from '(\.[^']+)'/g)].map(match => join(dirname(path), match[1]!))
  const others = imported.filter(one => /^(test|scripts)\//.test(one) && !seen.has(one))
  return [source, ...others.map(one => withImports(one, seen))].join('\n')
}
