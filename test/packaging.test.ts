import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { environmentTable } from '../server/config.ts'

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
