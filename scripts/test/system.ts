import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isThere, type Language, languages } from '../../examples/languages.ts'
import { browsers } from './browsers.ts'

type Need = {
  package: string
  what: string
  isThere(): boolean
  isVital: boolean
  /** Another package that will do where apt does not know the first. */
  instead?: string
  /** Asked for by `npm run soak` alone. */
  isForSoak?: true
}

const needs: Need[] = [
  { package: 'postgresql', what: "the system's PostgreSQL", isThere: hasPostgres, isVital: true },
  {
    package: 'curl',
    what: 'curl',
    isThere: () => findProgram(['curl']) !== undefined,
    isVital: false,
  },
  {
    package: 'chromium-headless-shell',
    what: 'a browser',
    isThere: hasChromium,
    isVital: false,
    instead: 'chromium',
  },
  {
    package: 'python3-cryptography',
    what: "Python's cryptography",
    isThere: () => spawnSync('python3', ['-c', 'import cryptography']).status === 0,
    isVital: false,
  },
  {
    package: 'default-jdk-headless',
    what: 'a JDK',
    isThere: () => findProgram(['javac']) !== undefined,
    isVital: false,
  },
  { package: 'fonts-noto-cjk', what: 'Chinese fonts', isThere: hasChineseFonts, isVital: false },
  {
    package: 'nginx-light',
    what: 'nginx',
    isThere: () => findProgram(['nginx']) !== undefined,
    isVital: false,
    instead: 'nginx',
    isForSoak: true,
  },
  {
    package: 'haproxy',
    what: 'HAProxy',
    isThere: () => findProgram(['haproxy']) !== undefined,
    isVital: false,
    isForSoak: true,
  },
  {
    package: 'pgbouncer',
    what: 'PgBouncer',
    isThere: () => findProgram(['pgbouncer']) !== undefined,
    isVital: false,
    isForSoak: true,
  },
  {
    package: 'pg-auto-failover-cli',
    what: 'pg_auto_failover',
    isThere: () => findProgram(['pg_autoctl']) !== undefined,
    isVital: false,
    isForSoak: true,
  },
  {
    package: 'prometheus-alertmanager',
    what: 'Alertmanager',
    isThere: () => findProgram(['prometheus-alertmanager']) !== undefined,
    isVital: false,
    isForSoak: true,
  },
  {
    package: 'prometheus',
    what: 'Prometheus',
    isThere: () => findProgram(['promtool']) !== undefined,
    isVital: false,
    isForSoak: true,
  },
  soakNeed('systemd', "systemd's own check of units"),
  ...['python3-moto', 'python3-boto3', 'python3-flask-cors'].map(name =>
    soakNeed(name, `${name}, of an S3 that nobody here wrote,`),
  ),
  soakNeed('iproute2', 'ip, which puts machines on one'),
  soakNeed('postgresql-17-auto-failover', "pg_auto_failover's extension of PostgreSQL 17"),
  ...['apache2', 'openssl'].map(name => soakNeed(name, name)),
  ...['opendkim', 'spamassassin', 'dovecot-imapd'].map(name => soakNeed(name, `${name}, which reads mail,`)),
  ...['ldap-utils', 'python3-ldap3', 'ruby-net-ldap', 'sssd-ldap', 'libnss-sss', 'libpam-sss'].map(name =>
    soakNeed(name, `${name}, a client of LDAP,`),
  ),
  ...['rsyslog', 'rsyslog-gnutls'].map(name => soakNeed(name, `${name}, which receives syslog,`)),
  ...[
    'libapache2-mod-auth-cas',
    'php-cas',
    'php-cli',
    'php-xml',
    'libauthen-cas-client-perl',
    'liblwp-protocol-https-perl',
  ].map(name => soakNeed(name, `${name}, of a client of CAS that nobody here wrote,`)),
  ...[
    'libapache2-mod-auth-openidc',
    'python3-authlib',
    'python3-flask',
    'python3-requests',
    'oidc-agent-cli',
  ].map(name => soakNeed(name, `${name}, of a client of OpenID Connect that nobody here wrote,`)),
]

function soakNeed(name: string, what: string): Need {
  return { package: name, what, isThere: () => isInstalled(name), isVital: false, isForSoak: true }
}

/**
 * Installs what the tests need on the machine where that is possible, otherwise says what is missing. Returns
 * false when the tests cannot run.
 */
export function prepareSystem({ forSoak = false } = {}): boolean {
  const isReady = prepareNeeds(needs.filter(need => forSoak || !need.isForSoak))
  // One by one, because apt installs nothing of a list in which it knows no package of one name.
  if (isReady && canInstall())
    for (const { packages } of languagesMissing()) install(packages.map(name => ({ package: name })))
  return isReady
}

/** The languages whose examples cannot run on this machine. */
export function languagesMissing(): Language[] {
  return languages.filter(language => !isThere(language))
}

function prepareNeeds(all: readonly Need[]): boolean {
  const missing = () => all.filter(need => !need.isThere())
  const before = missing()
  if (before.length === 0) return true
  if (canInstall()) install(before)
  const left = missing()
  if (left.length === 0) return true
  console.error(`Tests need ${left.map(need => `${need.what} (${need.package})`).join(', ')}.`)
  console.error(`On Debian or Ubuntu: sudo apt-get install ${left.map(need => need.package).join(' ')}`)
  if (left.some(need => need.isVital)) return false
  console.error('Going on without: the tests that need it will fail.')
  return true
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined
}

function install(needed: readonly Pick<Need, 'package' | 'instead'>[]): void {
  // At this run level Debian's packages start no service of theirs.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const apt = (args: string[]) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  apt(['update', '-q'])
  const isKnown = (name: string) => spawnSync('apt-cache', ['show', name]).status === 0
  const packages = needed.map(one => (one.instead && !isKnown(one.package) ? one.instead : one.package))
  console.log(`Installing ${packages.join(', ')}…`)
  const allowServices = forbidServices()
  if (packages.includes('postgresql')) forbidCluster()
  // Keeps the settings file that forbidCluster writes.
  const keep = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
  apt(['install', '-q', '-y', '--no-install-recommends', ...keep, ...packages])
  allowServices()
}

/** As Debian has it: packages start no service while this says so. Returns what allows it again. */
function forbidServices(): () => void {
  const file = '/usr/sbin/policy-rc.d'
  if (existsSync(file)) return () => undefined
  writeFileSync(file, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return () => rmSync(file, { force: true })
}

/** Prevents Debian's package from creating and starting a cluster of its own, because the tests start theirs. */
function forbidCluster(): void {
  const dir = '/etc/postgresql-common'
  const file = join(dir, 'createcluster.conf')
  if (existsSync(file)) return
  mkdirSync(dir, { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
}

function hasPostgres(): boolean {
  const folder = '/usr/lib/postgresql'
  return (
    existsSync(folder) &&
    readdirSync(folder).some(version => existsSync(join(folder, version, 'bin', 'initdb')))
  )
}

function hasChromium(): boolean {
  return findProgram(browsers) !== undefined
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg', ['--status', name], { encoding: 'utf8' })
  return stdout?.includes('Status: install ok installed') ?? false
}

function hasChineseFonts(): boolean {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true
  const listed = spawnSync('fc-list', [':lang=zh-cn', 'file'], { encoding: 'utf8' })
  return listed.status === 0 && listed.stdout.trim() !== ''
}

function findProgram(names: string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
