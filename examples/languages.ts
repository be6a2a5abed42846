import { spawnSync } from 'node:child_process'

/** What each language's programs show, by the names that files have where a language has no habit of its own. */
export const programs = [
  'get-member',
  'send-message',
  'notify',
  'read-changes',
  'receive-webhooks',
  'bills',
  'who-is-here',
  'leave-request',
  'people-source',
] as const
/** Signing in by OpenID Connect, in the languages that have a web server of their own. */
const signIn = 'oidc-sign-in'
export type Program = (typeof programs)[number] | typeof signIn

export type Language = {
  /** As it is shown. */
  name: string
  folder: string
  /** Debian's packages of what it needs. */
  packages: readonly string[]
  /** A command that succeeds where all of that is there. */
  probe: readonly string[]
  /** A command that prints the version of what runs the programs. */
  version: readonly string[]
  /** The file that the programs share, and what that needs itself. */
  client: readonly string[]
  /** The file of a program. */
  file(program: Program): string
  /** Commands that compile everything into a folder, run in the language's folder. */
  build?(out: string): (readonly string[])[]
  /** The command that runs a program, without its arguments, in the language's folder. */
  run(program: Program, out: string): readonly string[]
}

/** `GetMember` of `get-member`. */
const inPascal = (program: Program) => program.replace(/(?:^|-)(\w)/g, (_all, letter) => letter.toUpperCase())

const curl: Language = {
  name: 'curl',
  folder: 'curl',
  packages: ['curl', 'openssl'],
  probe: ['sh', '-c', 'command -v curl && command -v openssl'],
  version: ['curl', '--version'],
  client: ['wisp.sh'],
  file: program => `${program}.sh`,
  run: program => ['sh', curl.file(program)],
}

const typescript: Language = {
  name: 'TypeScript',
  folder: 'typescript',
  packages: [],
  probe: [process.execPath, '--version'],
  version: [process.execPath, '--version'],
  client: ['wisp.ts'],
  file: program => `${program}.ts`,
  run: program => ['node', typescript.file(program)],
}

const java: Language = {
  name: 'Java',
  folder: 'java',
  packages: ['default-jdk-headless'],
  probe: ['javac', '--release', '17', '-version'],
  version: ['java', '-version'],
  client: ['Wisp.java', 'Json.java'],
  file: program => `${inPascal(program)}.java`,
  build: out => [
    [
      'javac',
      '-encoding',
      'UTF-8',
      '-d',
      out,
      ...java.client,
      ...programs.map(program => java.file(program)),
    ],
  ],
  run: (program, out) => ['java', '-cp', out, inPascal(program)],
}

const mcs = ['mcs', '-r:System.Net.Http', '-r:System.Runtime.Serialization']
const csharp: Language = {
  name: 'C#',
  folder: 'csharp',
  packages: [
    'mono-mcs',
    'mono-runtime',
    'libmono-system-net-http4.0-cil',
    'libmono-system-runtime-serialization4.0-cil',
  ],
  probe: [
    'sh',
    '-c',
    'command -v mcs && cd "$(dirname "$(readlink -f "$(command -v mono)")")/../lib/mono/4.5" && test -e System.Net.Http.dll -a -e System.Runtime.Serialization.dll',
  ],
  version: ['mono', '--version'],
  client: ['Wisp.cs'],
  file: program => `${inPascal(program)}.cs`,
  build: out => [
    [...mcs, '-target:library', `-out:${out}/Wisp.dll`, ...csharp.client],
    ...programs.map(program => [
      ...[...mcs, `-r:${out}/Wisp.dll`, `-out:${out}/${inPascal(program)}.exe`],
      csharp.file(program),
    ]),
  ],
  run: (program, out) => ['mono', `${out}/${inPascal(program)}.exe`],
}

const php: Language = {
  name: 'PHP',
  folder: 'php',
  packages: ['php-cli', 'php-curl'],
  probe: ['php', '-r', "exit(extension_loaded('curl') ? 0 : 1);"],
  version: ['php', '--version'],
  client: ['wisp.php'],
  file: program => `${program}.php`,
  run: program => ['php', php.file(program)],
}

const python: Language = {
  name: 'Python',
  folder: 'python',
  packages: ['python3'],
  probe: ['python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))'],
  version: ['python3', '--version'],
  client: ['wisp.py'],
  file: program => `${program.replaceAll('-', '_')}.py`,
  run: program => ['python3', python.file(program)],
}

const go: Language = {
  name: 'Go',
  folder: 'go',
  packages: ['golang-go'],
  probe: ['go', 'version'],
  version: ['go', 'version'],
  client: ['wisp/wisp.go', 'go.mod'],
  file: program => `${program}/main.go`,
  build: out => [['go', 'build', '-o', `${out}/`, './...']],
  run: (program, out) => [`${out}/${program}`],
}

/** The examples of this folder, in the order in which they are shown. */
export const languages: readonly Language[] = [curl, typescript, java, csharp, php, python, go]

/** What there is in a language. */
export function programsOf(language: Language): readonly Program[] {
  return [typescript, python, go].includes(language) ? [...programs, signIn] : programs
}

/** Whether what the language needs is on this machine. */
export function isThere({ probe: [program = '', ...args] }: Language): boolean {
  return spawnSync(program, args).status === 0
}
