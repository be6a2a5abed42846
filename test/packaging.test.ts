import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { environmentTable } from '../server/platform/config.ts'

const root = resolve(import.meta.dirname, '..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')

it('explains every environment variable in .env.example, with its true default', () => {
  const given = new Map(
    [...text('.env.example').matchAll(/^#?([A-Z][A-Z_]+)=(.*)$/gm)].map(match => [match[1], match[2]]),
  )
  const ofCompose = ['POSTGRES_PASSWORD', 'WISP_PUBLISHED_PORT']
  const names = environmentTable().map(one => one.name)
  expect([...given.keys()].sort()).toEqual([...names, ...ofCompose].sort())
  const examples = ['WISP_TRUSTED_PROXIES']
  const wrong = environmentTable().filter(
    one => given.get(one.name) !== one.default && !examples.includes(one.name),
  )
  expect(wrong).toEqual([])
})

it('has no password by default in compose.yaml', () => {
  const compose = text('compose.yaml')
  for (const name of ['POSTGRES_PASSWORD', 'WISP_SECRET_KEY', 'WISP_PUBLIC_URL'])
    expect(compose).toContain(`\${${name}:?`)
  expect(compose).not.toMatch(/(PASSWORD|SECRET)[A-Z_]*:?-/)
})

it('hands every setting of wisp to the container, and nothing else of .env', () => {
  const [, block = ''] = /^x-environment: &environment\n((?: {2}.*\n)+)/m.exec(text('compose.yaml')) ?? []
  const handed = [...block.matchAll(/^ {2}([A-Z_]+):/gm)].map(match => match[1])
  expect(handed.sort()).toEqual(
    environmentTable()
      .map(one => one.name)
      .sort(),
  )
  expect(text('compose.yaml')).not.toContain('env_file')
})

/** Packages that the sources in these folders import, without tests. */
function packagesOf(...paths: string[]): Set<string> {
  const sources = paths.flatMap(path =>
    /\.\w+$/.test(path)
      ? [path]
      : readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
          .filter(
            name => /(?<!\.(test|fixture|vectors))\.(tsx?|m?js)$/.test(name) && !name.startsWith('dist/'),
          )
          .map(name => join(path, name)),
  )
  const imports =
    /^(?:import|export|\})(?:[^'\n]* from)? '([^'./\n]+[^'\n]*)'|\bimport\('([^'./\n]+[^'\n]*)'\)/gm
  const names = sources
    .flatMap(source => [...text(source).matchAll(imports)])
    .map(match => match[1] ?? match[2] ?? '')
    .filter(name => !isBuiltin(name))
  return new Set(names.map(name => name.split('/', name.startsWith('@') ? 2 : 1).join('/')))
}

describe('npm prune --omit=dev', () => {
  const locked: Record<string, { dev?: boolean; devOptional?: boolean }> = JSON.parse(
    text('package-lock.json'),
  ).packages
  const isKept = (name: string) => {
    const entry = locked[`node_modules/${name}`]
    return entry !== undefined && !entry.dev && !entry.devOptional
  }
  const needed = packagesOf('server', 'bin', 'sdk')
  const ofPages = packagesOf('web', 'scripts/build-pages.ts').difference(needed)
  const { dependencies, devDependencies } = JSON.parse(text('package.json'))

  it('keeps all that the server imports, each of which package.json names', () => {
    expect(needed.size).toBeGreaterThan(15)
    expect([...needed].filter(name => !isKept(name) || !(name in dependencies))).toEqual([])
  })

  it('keeps nothing of what the pages are built of, and no package that no code names', () => {
    expect([...ofPages]).toEqual(expect.arrayContaining(['react', 'antd', 'vite', '@vitejs/plugin-react']))
    expect([...ofPages].filter(isKept)).toEqual([])
    expect([...ofPages].filter(name => !(name in devDependencies))).toEqual([])
    // The package `node` is run and not imported.
    expect(Object.keys(dependencies).filter(name => name !== 'node' && !needed.has(name))).toEqual([])
  })

  it('comes after the pages are built, in the image and in both READMEs', () => {
    const order = /npm ci[\s\S]*?(npm run build|build-pages\.ts)[^\n]*npm prune --omit=dev/
    for (const page of ['Dockerfile', 'README.md', 'README.zh-CN.md']) expect(text(page), page).toMatch(order)
  })
})

it('tells of every port that npm start takes', () => {
  const taken = [...text('scripts/start.ts').matchAll(/'(WISP_\w*PORT)'/g)].map(([, name]) => name ?? '')
  expect(new Set(taken).size).toBeGreaterThan(6)
  for (const page of ['zh', 'en'].map(language => `web/docs/content/${language}/run/configuration.md`))
    expect(
      taken.filter(name => !text(page).includes(`\`${name}\``)),
      page,
    ).toEqual([])
})

it('copies into the image all that the server needs', async () => {
  const image = mkdtempSync(join(tmpdir(), 'wisp-image-'))
  try {
    const copied = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      match => match[1]?.split(' ') ?? [],
    )
    const isKept = (path: string) => !/\.(test|fixture|vectors)\.ts$/.test(path)
    for (const path of new Set(copied))
      cpSync(join(root, path), join(image, path), { recursive: true, filter: isKept })
    symlinkSync(join(root, 'node_modules'), join(image, 'node_modules'))
    const command: string[] = JSON.parse(/^CMD (\[.+\])$/m.exec(text('Dockerfile'))?.[1] ?? '[]')
    const [program = '', ...execArgv] = command
    const script = execArgv.pop() ?? ''
    expect(basename(program)).toBe('node')
    expect(JSON.parse(text('package.json')).scripts.serve).toBe(command.join(' '))
    const env = { PATH: process.env['PATH'], WISP_PORT: '0', WISP_DATA_DIR: join(image, 'data') }
    const server = fork(join(image, script), { cwd: image, env, stdio: 'ignore', execArgv })
    const exited = once(server, 'exit')
    const [word] = await Promise.race([once(server, 'message'), exited])
    expect(word).toMatchObject({ ready: expect.stringContaining('http') })
    expect((await fetch(`${word.ready}/healthz`)).status).toBe(200)
    server.kill('SIGTERM')
    expect((await exited)[0]).toBe(0)
  } finally {
    rmSync(image, { recursive: true, force: true })
  }
})
