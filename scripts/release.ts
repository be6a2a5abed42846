import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * `npm run release -- 0.2.0 [--dry-run]`: gives what the changelog holds as unreleased a version and a date, sets the version of
 * the packages, commits and tags. A second commit writes the first one's id into the changelog, by which it is installed where tags
 * do not arrive, and gives the packages the version of what comes between releases (`0.3.0-dev`). Pushes nothing. Either all of it
 * is done or nothing.
 */
const apiChangelogs = [
  { path: 'web/docs/content/zh/build/api-changelog.md', top: '未发布', none: '没有。' },
  { path: 'web/docs/content/en/build/api-changelog.md', top: 'Unreleased', none: 'None.' },
].filter(({ path }) => existsSync(path))
const files = [
  ...['CHANGELOG.md', 'package.json', 'package-lock.json', 'sdk/package.json'],
  ...apiChangelogs.map(({ path }) => path),
]
const heading = '## Unreleased'
const migrations = 'server/platform/storage/migrations'

/** What the person who releases can mend. */
class Refused extends Error {}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

function checkVersion(version: string, current: string): void {
  const numbers = (text: string) => /^(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number)
  const wanted = numbers(version)
  if (!wanted) throw new Refused(`a version is three numbers such as 0.2.0, not "${version}"`)
  const before = numbers(current) ?? []
  const first = wanted.findIndex((number, index) => number !== before[index])
  if (first < 0 || (wanted[first] ?? 0) < (before[first] ?? 0))
    throw new Refused(`${version} does not come after ${current}, the last release`)
}

function checkRepository(tag: string): void {
  const changed = git('status', '--porcelain')
  if (changed !== '') throw new Refused(`commit or put away what is not committed:\n${changed}`)
  if (git('tag', '--list', tag) !== '') throw new Refused(`the tag ${tag} is there already`)
}

/** How nodes of the release before are upgraded, by the migrations that came since; '' where there is no such release. */
function upgradeNote(before: string): string {
  const commit = git('log', '-1', '--extended-regexp', `--grep=^Release ${before}$`, '--format=%H')
  if (commit === '' || !existsSync(migrations)) return ''
  const known = git('ls-tree', '--name-only', commit, `${migrations}/`).split('\n')
  const isAdditive = (path: string) => readFileSync(path, 'utf8').startsWith('-- additive\n')
  const added = readdirSync(migrations).map(name => join(migrations, name))
  const breaking = added.filter(path => path.endsWith('.sql') && !known.includes(path) && !isAdditive(path))
  const names = breaking.map(path => path.slice(migrations.length + 1))
  return names.length === 0
    ? `- Upgrade from ${before} node by node: both versions may run at the same time.\n`
    : `- **No rolling upgrade from ${before}**: stop all nodes first, because of ${names.join(', ')}.\n`
}

/** What upgradeNote says of an earlier commit, which the unreleased section may have as its first line for those who read it. */
const writtenNote = /^- (?:Upgrade from \S+ node by node|\*\*No rolling upgrade from \S+\*\*): .*\n/

/**
 * Returns the changelog with its unreleased section under the version; a new, empty one stands above it. `upgrade` is the first line
 * under the heading Upgrade, or of the whole section where that heading is missing; it takes the place of a line that says the same.
 */
function releasedChangelog(
  text: string,
  { version, date, upgrade }: { version: string; date: string; upgrade: string },
): { text: string; notes: string } {
  const [before = '', ...after] = text.split(`${heading}\n`)
  if (after.length !== 1) throw new Refused(`CHANGELOG.md needs one section "${heading}"`)
  const rest = after[0] ?? ''
  const end = rest.search(/^## /m)
  const changes = rest.slice(0, end < 0 ? undefined : end).trim()
  const first = '### Upgrade\n\n'
  const start = changes.startsWith(first) ? first : ''
  const others = changes.slice(start.length)
  const notes = `${start}${upgrade}${upgrade === '' ? others : others.replace(writtenNote, '')}`
  if (changes === '') throw new Refused(`CHANGELOG.md says nothing under "${heading}"`)
  const older = end < 0 ? '' : `\n${rest.slice(end)}`
  if (older.includes(`\n## ${version} `)) throw new Refused(`CHANGELOG.md has ${version} already`)
  return { text: `${before}${heading}\n\n## ${version} — ${date}\n\n${notes}\n${older}`, notes }
}

/** The last release by the changelog; before the first one, what package.json says. */
function lastRelease(): string {
  const [, found] = /^## (\d+\.\d+\.\d+)\b/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? []
  return found ?? JSON.parse(readFileSync('package.json', 'utf8')).version
}

/** Gives what the pages of the API's changes hold as unreleased the version. */
function releaseApiChangelogs(version: string): void {
  for (const { path, top, none } of apiChangelogs) {
    const text = readFileSync(path, 'utf8')
    const heading = `\n## ${top}\n`
    if (!text.includes(heading)) throw new Refused(`${path} needs a section "${top}"`)
    writeFileSync(
      path,
      text.replace(heading, () => `${heading}\n${none}\n\n## ${version}\n`),
    )
  }
}

function commitVersion(version: string, message: string): void {
  for (const cwd of ['.', 'sdk'])
    execFileSync('npm', ['version', version, '--no-git-tag-version', '--ignore-scripts'], {
      cwd,
      stdio: 'pipe',
    })
  git('commit', '--quiet', '--message', message, '--', ...files)
}

/** What begins after a release: the next number of its middle. */
function nextVersion(version: string): string {
  const [major, minor] = version.split('.').map(Number)
  return `${major}.${(minor ?? 0) + 1}.0-dev`
}

function release(version: string, isDryRun: boolean): void {
  const current = lastRelease()
  const tag = `v${version}`
  checkVersion(version, current)
  checkRepository(tag)
  const next = nextVersion(version)
  const date = new Date().toISOString().slice(0, 10)
  const changelog = releasedChangelog(readFileSync('CHANGELOG.md', 'utf8'), {
    version,
    date,
    upgrade: upgradeNote(current),
  })
  console.log(`${current} -> ${version}, ${date}\n\n${changelog.notes}\n`)
  if (isDryRun) {
    console.log(`Dry run: nothing was changed. Without --dry-run: commit and tag ${tag}, then begin ${next}.`)
    return
  }
  const head = git('rev-parse', 'HEAD')
  try {
    writeFileSync('CHANGELOG.md', changelog.text)
    releaseApiChangelogs(version)
    commitVersion(version, `Release ${version}`)
    git('tag', '--annotate', tag, '--message', `wisp ${version}`)
    const top = `## ${version} — ${date}`
    const commit = git('rev-parse', 'HEAD')
    writeFileSync('CHANGELOG.md', changelog.text.replace(top, `${top}, commit \`${commit}\``))
    commitVersion(next, `Begin ${next}`)
  } catch (error) {
    if (git('tag', '--list', tag) !== '') git('tag', '--delete', tag)
    git('reset', '--quiet', '--soft', head)
    git('restore', '--staged', '--worktree', '--', ...files)
    throw error
  }
  console.log(`Committed and tagged ${tag}, and began ${next}. To publish it: git push --follow-tags`)
}

function explain(error: unknown): string {
  const { stderr, message } = error as { stderr?: Buffer | string; message: string }
  return String(stderr ?? '').trim() || message
}

try {
  const { values, positionals } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  if (positionals.length !== 1) throw new Refused('say the version: npm run release -- 0.2.0 [--dry-run]')
  release(positionals[0] ?? '', values['dry-run'])
} catch (error) {
  console.error(`Nothing released: ${explain(error)}`)
  process.exitCode = 1
}
