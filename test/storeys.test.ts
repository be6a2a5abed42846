import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * The storeys of each tree, from the ground up, with their rooms: a folder, or a file beside the folders. `x/*` is every entry of the
 * folder x, `*` is every entry that no other storey names. What they are for is told in ARCHITECTURE.md.
 */
const trees: Record<string, Record<string, readonly string[]>> = {
  server: {
    platform: ['platform/*'],
    upstream: ['upstream/*'],
    organisation: ['organisation/*'],
    callers: ['callers/*'],
    features: ['features/*'],
    process: ['*'],
  },
  // A message goes one way: what accepts it hands it on to what delivers it, and that to what becomes of it.
  'server/features/messages': {
    rows: ['parts', 'plans', 'open-parts-store.ts', 'retention-store.ts'],
    marks: ['marks'],
    mine: ['mine'],
    fate: ['fate'],
    deliver: ['deliver'],
    accept: ['accept'],
    // What leaves later goes the way of what is accepted.
    waiting: ['waiting'],
    figures: ['figures'],
    senders: ['console', 'trial', 'urge'],
    approval: ['approval'],
    manifest: ['*'],
  },
  // A new channel is one more `*`: it knows the form, and the list knows it.
  'server/features/channels': {
    form: [
      'channel.ts',
      'contacts-store.ts',
      'part.ts',
      'message-fields.ts',
      'reason.ts',
      'refusal-store.ts',
      'refusals.ts',
      'sealed.ts',
      'setting-field.ts',
      'settings-store.ts',
      'warnings.ts',
    ],
    channels: ['*'],
    list: ['channels.ts', 'telling.ts'],
    settings: ['settings'],
    manifest: ['channel-cause.ts', 'commands.ts', 'feature.ts', 'retention.ts', 'sms-codes.ts'],
  },
  'server/features/cards': {
    rules: ['answers', 'presses', 'samples.ts', 'seen-persons.ts', 'update-card.ts'],
    manifest: ['*'],
  },
  sandbox: {
    ground: ['certificates', 'corp', 'http', 'rules'],
    corp: ['avatar.ts', 'messages', 'oauth.ts', 'people-search.ts', 'push', 'settings.ts', 'state'],
    vendors: [
      'agents',
      'api',
      'approvals',
      'cards',
      'edits',
      'js-sdk',
      'official',
      'pay',
      'robots',
      's3',
      'sign-in',
      'sms',
      'smtp',
    ],
    people: ['control', 'pages'],
    process: ['corps.ts', 'coverage.ts', 'main.ts', 'not-found.ts', 'sandbox.ts', 'world'],
    programs: ['sample-app', 'sign-in-samples', 'small-oa'],
  },
  web: {
    text: ['text'],
    ui: ['ui/*'],
    workbench: ['workbench'],
    console: ['console/*'],
    entrances: ['developer', 'docs', 'mobile', 'pay', 'portal', 'sign-in'],
    process: ['build', 'public', 'vite.config.ts'],
  },
  scripts: {
    parts: ['dashboard', 'demo', 'retention-page.ts', 'retention-words.ts', 'sdk', 'test'],
    programs: ['*'],
  },
}

/** Rooms whose own folders do not import each other one way yet. The list only shrinks. */
const knotted: Record<string, readonly string[]> = {
  server: [
    'callers/developers',
    'callers/sign-in',
    'features/app-sign-in',
    'features/apps',
    'features/auto-replies',
    'features/backup',
    'features/corp-lifecycle',
    'features/oidc',
    'features/todos',
    'organisation/corps',
    'organisation/sync',
    'platform/http',
    'platform/storage',
  ],
  sandbox: ['official', 'pay'],
  web: ['console/messages', 'console/official'],
}

type Import = { from: string; to: string }

function houseOf(tree: string) {
  const root = join(import.meta.dirname, '..', tree)
  const storeys = Object.entries(trees[tree] ?? {})
  const names = storeys.map(([storey]) => storey)
  const storeyOfRoom = new Map(
    storeys.flatMap(([storey, rooms]) => rooms.map(room => [room, storey] as const)),
  )

  /** The longest name that is declared, and under `x/*` the entry of x. */
  function roomOf(path: string): string {
    const [first = '', second] = path.split('/')
    return second !== undefined && storeyOfRoom.has(`${first}/*`) ? `${first}/${second}` : first
  }
  const storeyOf = (room: string) =>
    storeyOfRoom.get(room) ?? storeyOfRoom.get(`${room.split('/', 1)[0]}/*`) ?? storeyOfRoom.get('*')

  const entries = new Set(readdirSync(root, { recursive: true, encoding: 'utf8' }))
  const files = [...entries]
    .filter(path => /\.(tsx?|m?js|css)$/.test(path) && !isTest(path) && !path.startsWith('dist/'))
    .sort()
  /** By value or by type. What a program writes into another file leads to none. */
  const all: Import[] = files
    .flatMap(from =>
      [
        ...readFileSync(join(root, from), 'utf8').matchAll(
          /(?:\bfrom |\bimport\(|^import )'(\.[^'\n]+\.(?:tsx?|m?js|css))'/gm,
        ),
      ].map(match => ({ from, to: posix.join(posix.dirname(from), match[1] ?? '') })),
    )
    .filter(({ to }) => entries.has(to))
  const imports = all.filter(({ from, to }) => roomOf(from) !== roomOf(to))
  const rooms = [...new Set(files.map(roomOf))]
  const up = ({ from, to }: Import) =>
    names.indexOf(storeyOf(roomOf(from)) ?? '') < names.indexOf(storeyOf(roomOf(to)) ?? '')

  /** The folders of a room, and the files beside them. */
  function circlesIn(room: string): Import[][] {
    const partOf = (path: string) => path.slice(room.length + 1).split('/', 1)[0] ?? ''
    const isOfRoom = (path: string) => roomOf(path) === room
    return circlesOf(
      all.filter(({ from, to }) => isOfRoom(from) && isOfRoom(to)),
      partOf,
    )
  }
  return { imports, rooms, storeyOf, up, circles: () => circlesOf(imports, roomOf), circlesIn }
}

/** Of each part that imports lead from and back to, one such way. */
function circlesOf(imports: readonly Import[], partOf: (path: string) => string): Import[][] {
  /** One import for each two parts, by the part that takes. */
  const doors = new Map<string, Map<string, Import>>()
  for (const one of imports) {
    const [from, to] = [partOf(one.from), partOf(one.to)]
    if (from === to) continue
    const own = doors.get(from) ?? new Map<string, Import>()
    doors.set(from, own.set(to, one))
  }

  function circleOf(part: string): Import[] | undefined {
    const ways = new Map<string, Import[]>([[part, []]])
    for (const [here, way] of ways)
      for (const [next, door] of doors.get(here) ?? []) {
        if (next === part) return [...way, door]
        if (!ways.has(next)) ways.set(next, [...way, door])
      }
    return undefined
  }
  return [...doors.keys()].flatMap(part => {
    const circle = circleOf(part)
    return circle ? [circle] : []
  })
}

/** Also what only the sandbox's own tests take. */
const isTest = (path: string) =>
  /\.(test|fixture|vectors)\.tsx?$|^test-\w+\.ts$|^(official|pay)\/test\//.test(path)

const shown = ({ from, to }: Import) => `${from} -> ${to}`

describe.each(Object.keys(trees))('%s', tree => {
  const { imports, rooms, storeyOf, up, circles, circlesIn } = houseOf(tree)

  it('has each room on a storey', () => {
    expect(rooms.length).toBeGreaterThan(5)
    expect(rooms.filter(room => storeyOf(room) === undefined)).toEqual([])
  })

  it('lets storeys take only from those below', () => {
    expect(imports.filter(up).map(shown)).toEqual([])
  })

  it('has no rooms that take from each other', () => {
    expect(circles().map(circle => circle.map(shown).join(', '))).toEqual([])
  })

  it('has no folders of a room that take from each other, but in those of the list', () => {
    const known = knotted[tree] ?? []
    const found = rooms.flatMap(room => circlesIn(room).map(circle => ({ room, circle })))
    const others = found.filter(({ room }) => !known.includes(room))
    expect(others.map(({ circle }) => circle.map(shown).join(', '))).toEqual([])
    // What has no circle any more goes from the list.
    expect(known.filter(room => !found.some(one => one.room === room))).toEqual([])
  })
})
