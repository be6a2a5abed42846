import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../postgres.ts'
import { until } from '../until.ts'

// Programs of Debian's that read mail, each with a configuration of its own: nothing of the machine's is read or changed.

const run = promisify(execFile)

/** A mailbox that Dovecot shows by IMAP over TLS to whoever gives the password. */
export type Dovecot = {
  port: number
  password: string
  put(mails: readonly string[]): void
  log(): string
  close(): void
}

/** How many names one file may have. */
const linksAtMost = 60_000

/** Must run as root, which Dovecot's processes leave. */
export async function startDovecot({ key, cert }: { key: string; cert: string }): Promise<Dovecot> {
  // The tests' own temporary folder is root's alone, and the mailbox is read as another user.
  const dir = mkdtempSync('/tmp/wisp-dovecot-')
  chmodSync(dir, 0o711)
  const port = await freePort()
  const password = 'of bounces'
  writeFileSync(join(dir, 'key.pem'), key)
  writeFileSync(join(dir, 'cert.pem'), cert)
  for (const name of ['run', 'mail', 'mail/cur', 'mail/new', 'mail/tmp']) {
    mkdirSync(join(dir, name))
    if (name !== 'run') chownSync(join(dir, name), mailUser, mailUser)
  }
  writeFileSync(join(dir, 'dovecot.conf'), configuration(dir, port, password))
  const child = spawn('dovecot', ['-F', '-c', join(dir, 'dovecot.conf')], { stdio: 'ignore' })
  const log = () => readFileSync(join(dir, 'log'), 'utf8')
  await until('Dovecot serves', () => {
    if (child.exitCode !== null) throw new Error(`Dovecot ended: ${log()}`)
    try {
      return log().includes('starting up')
    } catch {
      return false
    }
  })
  let put = 0
  return {
    port,
    password,
    put(mails) {
      // Many that are equal are one file.
      const files = new Map<string, { path: string; links: number }>()
      for (const mail of mails) {
        const path = join(dir, 'mail/new', `${1_700_000_000 + ++put}.M${put}.wisp`)
        const first = files.get(mail)
        if (first && first.links < linksAtMost) {
          linkSync(first.path, path)
          first.links++
          continue
        }
        writeFileSync(path, mail)
        chownSync(path, mailUser, mailUser)
        files.set(mail, { path, links: 1 })
      }
    },
    log,
    close: () => end(child, dir),
  }
}

/** Debian's user and group of this number are called mail. */
const mailUser = 8

function end(child: ChildProcess, dir: string): void {
  child.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  child.kill('SIGTERM')
}

const configuration = (dir: string, port: number, password: string) => `
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = ${dir}/run
log_path = ${dir}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_server_cert_file = ${dir}/cert.pem
ssl_server_key_file = ${dir}/key.pem
auth_mechanisms = plain
mail_driver = maildir
mail_path = ${dir}/mail
mail_uid = ${mailUser}
mail_gid = ${mailUser}
first_valid_uid = 1
passdb static {
  password = ${password}
}
userdb static {
  fields {
    uid = ${mailUser}
    gid = ${mailUser}
    home = ${dir}
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
`

/** What opendkim says of each mail, such as `verification (s=…, d=…, 2048-bit key) succeeded`. `records`: the DNS' texts by name. */
export async function judgedByOpendkim(
  mails: readonly string[],
  records: ReadonlyMap<string, string>,
): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-opendkim-'))
  try {
    writeFileSync(join(dir, 'dns'), [...records].map(([name, value]) => `${name} ${value}\n`).join(''))
    writeFileSync(join(dir, 'conf'), `Mode v\nSyslog no\nTestDNSData file:${dir}/dns\n`)
    const files = mails.map((mail, n) => {
      writeFileSync(join(dir, `${n}.eml`), mail)
      return `${n}.eml`
    })
    const said: string[] = []
    for (let at = 0; at < files.length; at += 200) {
      const args = ['-x', 'conf', '-v', '-t', files.slice(at, at + 200).join(',')]
      const { stdout } = await run('opendkim', args, { cwd: dir, maxBuffer: 1e8 })
      said.push(
        ...stdout.split('\n').filter(line => /^opendkim: \d+\.eml: (verification|message)/.test(line)),
      )
    }
    return said
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The points that SpamAssassin's own rules give a mail, by the names of the rules; it asks nobody. */
export async function pointsOf(mail: string): Promise<[rule: string, points: number][]> {
  const home = mkdtempSync(join(tmpdir(), 'wisp-spamassassin-'))
  try {
    const judged = run('spamassassin', ['--local', '--test-mode'], {
      env: { ...process.env, HOME: home },
      maxBuffer: 1e8,
    })
    judged.child.stdin?.end(mail)
    const { stdout } = await judged
    const report = stdout.slice(stdout.lastIndexOf('Content analysis details:'))
    const lines = [...report.matchAll(/^\s*(-?\d+\.\d+) ([A-Z\d_]+) /gm)]
    if (lines.length === 0) throw new Error(`no report of SpamAssassin: ${stdout.slice(-2000)}`)
    return lines.map(([, points, rule]) => [rule!, Number(points)])
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
