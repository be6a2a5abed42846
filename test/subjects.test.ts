import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

/** The last commit before the rule, and its committer date. Older commits keep their subjects, because history is not rewritten. */
const beforeRule = { commit: '5f78c45b73b45dd67ad6cc3f8670ed7f928fd115', date: '2026-12-01T05:05:58Z' }
/** `git log --oneline` and the pages of a repository cut longer subjects. */
const charactersAtMost = 72

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

function isTrue(folder: string, ...args: string[]): boolean {
  try {
    return git(folder, ...args) !== 'false'
  } catch {
    return false
  }
}

/**
 * Lists the commits after `base` whose subjects are too long, as `1a2b3c4d subject (80)`; merges are exempt. A shallow clone may lack
 * `base`, and a branch may have begun before it, so the date counts too. Returns nothing outside a repository and without git.
 */
function longSubjects(folder: string, base: { commit: string; date: string }): string[] {
  if (!isTrue(folder, 'rev-parse', '--is-inside-work-tree')) return []
  const knowsBase = isTrue(folder, 'cat-file', '-e', `${base.commit}^{commit}`)
  const range = knowsBase ? ['HEAD', `^${base.commit}`] : ['HEAD']
  const log = git(folder, 'log', '--no-merges', `--since=${base.date}`, '--format=%h %s', ...range)
  return log.split('\n').flatMap(line => {
    const [id = '', ...words] = line.split(' ')
    const { length } = [...words.join(' ')]
    return length > charactersAtMost ? [`${id} ${words.join(' ')} (${length})`] : []
  })
}

it('says what a commit does in a subject of at most 72 characters', () => {
  expect(longSubjects(resolve(import.meta.dirname, '..'), beforeRule)).toEqual([])
})

it('finds long subjects in a whole and in a shallow clone, except those of merges and of older commits', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wisp-subjects-'))
  const [origin, shallow] = [join(folder, 'origin'), join(folder, 'shallow')]
  const who = ['-c', 'user.name=Tester', '-c', 'user.email=tester@wisp.example']
  const [long, longest] = ['长'.repeat(72), 'x'.repeat(73)]
  const commit = (subject: string, day: number) =>
    execFileSync('git', [...who, 'commit', '--quiet', '--allow-empty', '--message', subject], {
      cwd: origin,
      env: { ...process.env, GIT_COMMITTER_DATE: `2026-01-0${day}T12:00:00Z` },
    })
  try {
    expect(longSubjects(folder, beforeRule)).toEqual([])
    git(folder, 'init', '--quiet', '--initial-branch=main', origin)
    commit(`${longest} of old`, 1)
    git(origin, 'branch', 'older')
    commit('Begin the rule', 2)
    const base = { commit: git(origin, 'rev-parse', 'HEAD'), date: '2026-01-02T12:00:00Z' }
    git(origin, 'switch', '--quiet', 'older')
    commit(`${longest} of a branch that began before`, 1)
    git(origin, 'switch', '--quiet', 'main')
    git(origin, ...who, 'merge', '--quiet', '--no-ff', '--message', `${longest} merged`, 'older')
    commit(long, 3)
    expect(longSubjects(origin, base)).toEqual([])
    commit(longest, 4)
    const found = [`${git(origin, 'rev-parse', '--short', 'HEAD')} ${longest} (73)`]
    expect(longSubjects(origin, base)).toEqual(found)
    git(folder, 'clone', '--quiet', '--depth', '2', `file://${origin}`, shallow)
    expect(longSubjects(shallow, base)).toEqual(found)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
