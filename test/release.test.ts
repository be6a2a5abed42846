import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { versionOf } from '../server/platform/version.ts'

const script = resolve(import.meta.dirname, '../scripts/release.ts')
const changelog = `# Changelog

## Unreleased

- Something new.
- Something mended.

## 0.1.0

- The beginning.
`

let repository: string
const path = (name: string) => join(repository, name)
const text = (name: string) => readFileSync(path(name), 'utf8')
const json = (name: string) => JSON.parse(text(name))
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } }).trim()
const commitAll = () => {
  git('add', '--all')
  git('commit', '--quiet', '--message', 'Begin')
}

function release(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: repository,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'wisp-release-'))
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Tester')
  git('config', 'user.email', 'tester@wisp.example')
  const named = { name: 'wisp', version: '0.1.0', private: true }
  const inner = { name: 'inner', version: '0.1.0' }
  writeFileSync(path('CHANGELOG.md'), changelog)
  writeFileSync(path('package.json'), `${JSON.stringify(named, null, 2)}\n`)
  const lock = { ...named, lockfileVersion: 3, packages: { '': named, 'node_modules/inner': inner } }
  writeFileSync(path('package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`)
  mkdirSync(path('sdk'))
  writeFileSync(
    path('sdk/package.json'),
    `${JSON.stringify({ name: '@wisp/sdk', version: '0.1.0' }, null, 2)}\n`,
  )
  commitAll()
})
afterEach(() => rmSync(repository, { recursive: true }))

describe('npm run release', () => {
  it('gives the pages of changes of the API the version too', () => {
    const page = 'web/docs/content/en/build/api-changelog.md'
    mkdirSync(path('web/docs/content/en/build'), { recursive: true })
    writeFileSync(path(page), '# API changelog\n\n## Unreleased\n\n- A call.\n')
    commitAll()
    expect(release('0.2.0')).toMatchObject({ status: 0, stderr: '' })
    expect(text(page)).toBe('# API changelog\n\n## Unreleased\n\nNone.\n\n## 0.2.0\n\n- A call.\n')
    expect(git('status', '--porcelain')).toBe('')
  })

  it('says whether nodes of the release before may be upgraded one by one', () => {
    const migrations = path('server/platform/storage/migrations')
    const put = (name: string, text: string) => {
      mkdirSync(migrations, { recursive: true })
      writeFileSync(join(migrations, name), text)
      git('add', '--all')
      git('commit', '--quiet', '--message', name)
    }
    const top = () => {
      const { stdout } = release('0.3.0', '--dry-run')
      return stdout.split('\n')[2]
    }
    put('0001-begin.sql', 'create table a (id int);\n')
    expect(release('0.2.0').status).toBe(0)
    writeFileSync(
      path('CHANGELOG.md'),
      text('CHANGELOG.md').replace('## Unreleased\n', '## Unreleased\n\n- More.\n'),
    )
    put('0002-more.sql', '-- additive\ncreate table b (id int);\n')
    expect(top()).toBe('- Upgrade from 0.2.0 node by node: both versions may run at the same time.')
    put('0003-other.sql', 'alter table a rename to c;\n')
    expect(top()).toBe(
      '- **No rolling upgrade from 0.2.0**: stop all nodes first, because of 0003-other.sql.',
    )
    writeFileSync(
      path('CHANGELOG.md'),
      text('CHANGELOG.md').replace('\n- More.\n', '\n### Upgrade\n\n- Set more.\n'),
    )
    commitAll()
    const lines = () => release('0.3.0', '--dry-run').stdout.split('\n').slice(2, 6)
    const wanted = ['### Upgrade', '', expect.stringContaining('**No rolling'), '- Set more.']
    expect(lines()).toEqual(wanted)

    // A line of before is not said twice, and what is true now takes its place.
    for (const written of [
      '- Upgrade from 0.2.0 node by node: both versions may run at the same time.',
      '- **No rolling upgrade from 0.2.0**: stop all nodes first, because of 0002-other.sql.',
    ]) {
      writeFileSync(
        path('CHANGELOG.md'),
        text('CHANGELOG.md').replace(
          /### Upgrade\n\n(?:- .*0\.2\.0.*\n)?/,
          () => `### Upgrade\n\n${written}\n`,
        ),
      )
      commitAll()
      expect(lines()).toEqual(wanted)
    }
  })

  it('gives the unreleased changes a version and a date, commits and tags', () => {
    const before = git('rev-parse', 'HEAD')
    expect(release('0.2.0')).toMatchObject({ status: 0, stderr: '' })
    const date = git('show', '--no-patch', '--format=%cd', '--date=format-local:%Y-%m-%d', 'HEAD')
    const released = changelog.replace('## Unreleased\n', `## Unreleased\n\n## 0.2.0 — ${date}\n`)
    expect(`${git('show', 'HEAD^:CHANGELOG.md')}\n`).toBe(released)
    const versions = (commit: string) => {
      const { version, packages } = JSON.parse(git('show', `${commit}:package-lock.json`))
      const own = ['package.json', 'sdk/package.json'].map(
        name => JSON.parse(git('show', `${commit}:${name}`)).version,
      )
      return [...own, version, packages[''].version, packages['node_modules/inner'].version]
    }
    expect(versions('HEAD^')).toEqual(['0.2.0', '0.2.0', '0.2.0', '0.2.0', '0.1.0'])
    expect(git('log', '--format=%s', `${before}..`)).toBe('Begin 0.3.0-dev\nRelease 0.2.0')
    expect(git('rev-parse', 'v0.2.0^{commit}')).toBe(git('rev-parse', 'HEAD^'))
    expect(git('status', '--porcelain')).toBe('')

    // The next commit has the one to install by, and what comes between the releases says so.
    const commit = git('rev-parse', 'HEAD^')
    expect(text('CHANGELOG.md')).toBe(
      released.replace(`0.2.0 — ${date}`, `0.2.0 — ${date}, commit \`${commit}\``),
    )
    expect(versions('HEAD')).toEqual(['0.3.0-dev', '0.3.0-dev', '0.3.0-dev', '0.3.0-dev', '0.1.0'])
    expect(versionOf(repository)).toBe(`0.3.0-dev+${git('rev-parse', '--short=8', 'HEAD')}`)
    git('checkout', '--quiet', commit)
    expect(versionOf(repository)).toBe('0.2.0')
  })

  it('releases what was begun, under its number or a higher one', () => {
    const more = (line: string) => {
      writeFileSync(
        path('CHANGELOG.md'),
        text('CHANGELOG.md').replace('## Unreleased\n', `## Unreleased\n\n- ${line}\n`),
      )
      commitAll()
    }
    expect(release('0.2.0').status).toBe(0)
    more('Third.')
    expect(release('0.2.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('0.2.0') })
    expect(release('0.2.1')).toMatchObject({ status: 0, stderr: '' })
    more('Fourth.')
    expect(release('0.3.0')).toMatchObject({ status: 0, stderr: '' })
    expect(json('package.json').version).toBe('0.4.0-dev')
  })

  it('changes nothing in a dry run, and tells what would be released', () => {
    const before = git('rev-parse', 'HEAD')
    const { status, stdout } = release('0.2.0', '--dry-run')
    expect(status).toBe(0)
    expect(stdout).toContain('- Something mended.')
    expect(stdout).not.toContain('The beginning')
    expect([git('rev-parse', 'HEAD'), git('tag'), git('status', '--porcelain')]).toEqual([before, '', ''])
  })

  it.each([
    ['no version', [], 'npm run release -- 0.2.0'],
    ['what is no version', ['next'], 'not "next"'],
    ['an unknown option', ['0.2.0', '--dry'], '--dry'],
    ['the version that is', ['0.1.0'], 'does not come after 0.1.0'],
    ['an older version', ['0.0.9'], 'does not come after 0.1.0'],
  ])('refuses %s', (_, args, reason) => {
    expect(release(...args)).toMatchObject({ status: 1, stderr: expect.stringContaining(reason) })
  })

  it('refuses a tree that is not clean, a tag that is there, a changelog with nothing new', () => {
    const refuses = (reason: string) =>
      expect(release('0.2.0')).toMatchObject({ status: 1, stderr: expect.stringContaining(reason) })
    writeFileSync(path('new.txt'), '')
    refuses('new.txt')
    rmSync(path('new.txt'))
    git('tag', 'v0.2.0')
    refuses('v0.2.0 is there already')
    git('tag', '--delete', 'v0.2.0')
    writeFileSync(path('CHANGELOG.md'), changelog.replace(/- Something.*\n/g, ''))
    commitAll()
    refuses('says nothing')
    writeFileSync(path('CHANGELOG.md'), changelog.replace('## Unreleased', '## Soon'))
    commitAll()
    refuses('needs one section')
  })

  it.each(['Release', 'Begin'])('leaves everything as it was when the commit "%s" fails', word => {
    const before = git('rev-parse', 'HEAD')
    const hook = `#!/bin/sh\ngrep -q ${word} "$1" || exit 0\necho not today >&2\nexit 1\n`
    writeFileSync(path('.git/hooks/commit-msg'), hook, { mode: 0o755 })
    expect(release('0.2.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('not today') })
    expect([git('rev-parse', 'HEAD'), git('tag'), git('status', '--porcelain')]).toEqual([before, '', ''])
    expect(text('CHANGELOG.md')).toBe(changelog)
  })
})
