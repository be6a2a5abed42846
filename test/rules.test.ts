import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  adminCalls,
  allFeatures,
  endpoints,
  features,
  pageCalls,
  passthroughs,
  pushes,
} from '../server/features.ts'
import { environmentTable } from '../server/platform/config.ts'
import { scopes } from '../server/platform/http/scope.ts'
import { checkEvent } from '../server/platform/http/shape.fixture.ts'

/** Checks the code against the boundaries that ARCHITECTURE.md draws. */
const root = resolve(import.meta.dirname, '..')
const sources = ['server', 'sdk/server', 'sandbox', 'bench', 'test', 'scripts'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.startsWith('generated/'))
    .map(name => `${folder}/${name}`),
)
const pageSources = readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name) && !name.startsWith('dist/'))
  .map(name => `web/${name}`)
const text = (path: string) => readFileSync(join(root, path), 'utf8')

type Import = { from: string; to: string; names: string[]; isType: boolean }

const imports: Import[] = sources.flatMap(from =>
  [
    ...text(from).matchAll(
      /^(?:import|export) (type )?(?:\{([^}]*)\}|\* as \w+|\w+)?[^']*?from '(\.[^']+)'/gms,
    ),
  ].map(match => ({
    from,
    to: relative(root, resolve(root, dirname(from), match[3] ?? '')),
    names: (match[2] ?? '').split(',').map(name => name.trim()),
    isType: match[1] !== undefined,
  })),
)

const isStore = (path: string) => /[/-]store\.ts$/.test(path)
const isTest = (path: string) => /\.(test|fixture)\.ts$/.test(path)
/** What is typed and what it answers is in Chinese. */
const isCommandLine = (path: string) =>
  /^server\/(cli\/|platform\/command\/|.*\/commands(\/|\.ts$))/.test(path)
/** The folder of the server in which a file is, without its storey. */
const featureOf = (path: string) =>
  /^server\/(?:(?:platform|organisation|callers|features)\/)?([^/]+)\//.exec(path)?.[1] ?? ''

/**
 * One subject a file, one level of detail a folder. About 400 lines and fifteen files are where to look again whether that still
 * holds; these are where it never does.
 */
const linesAtMost = 450
const filesAtMost = 18

describe('the house', () => {
  it('has small files with kebab-case names and no drawer folders', () => {
    const wrong = sources.filter(
      path =>
        text(path).split('\n').length > linesAtMost ||
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(basename(path)) ||
        /\/(utils|helpers|common|services|types)\//.test(path),
    )
    expect(wrong).toEqual([])
  })

  it('has no halls of files side by side', () => {
    const counts = Map.groupBy(
      sources.filter(path => !/\.(test|fixture|vectors|table)\.ts$/.test(path)),
      path => dirname(path),
    )
    expect([...counts].filter(([, files]) => files.length > filesAtMost).map(([folder]) => folder)).toEqual(
      [],
    )
  })

  it('says what a caller did wrong in both languages', () => {
    const wrong = sources
      .filter(path => /^server\/.*(?<!test|fixture)\.ts$/.test(path) && !isCommandLine(path))
      .flatMap(path => [
        ...text(path).matchAll(/new ApiError\(\s*'\w+',\s*(['`])(?:(?!\1).)*[\u4e00-\u9fff]/g),
      ])
      .map(match => match[0])
    expect(wrong).toEqual([])
  })

  it('starts the queue where a node serves, and where a command says that none does', () => {
    const starting = sources.filter(
      path => /^server\//.test(path) && !isTest(path) && /\b(queue|dispatcher)\.start\(/.test(text(path)),
    )
    expect(starting.sort()).toEqual([
      'server/features/messages/commands/channels.ts',
      'server/features/messages/feature.ts',
      'server/platform/command/node-work.ts',
      'server/server.ts',
    ])
  })

  it('lets no vendor know another, and transport none', () => {
    const vendorOf = (path: string) => /^server\/upstream\/([^/]+)\//.exec(path)?.[1]
    const wrong = imports.filter(({ from, to }) => {
      const [here, there] = [vendorOf(from), vendorOf(to)]
      return here && there && here !== there && there !== 'transport' && !isTest(from)
    })
    expect(wrong).toEqual([])
  })

  it('lets no channel know another', () => {
    const channelFolder = (path: string) =>
      /^server\/features\/channels\/(?!settings\/)([^/]+)\//.exec(path)?.[1]
    const wrong = imports.filter(({ from, to }) => {
      const [here, there] = [channelFolder(from), channelFolder(to)]
      return here && there && here !== there && !isTest(from)
    })
    expect(wrong).toEqual([])
  })

  it('lets features read, and never write, through the store of another', () => {
    const writes =
      /^(put|insert|update|drop|delete|set|append|rename|mark|cancel|finish|end|note|forget|prune|take)/
    const wrong = imports
      .filter(({ from, to, isType }) => {
        const [mine, other] = [featureOf(from), featureOf(to)]
        return mine && mine !== other && isStore(to) && !isType && !isTest(from)
      })
      // A feature puts what is due for it there, in its own transaction.
      .filter(({ to }) => !['queue', 'inbox'].includes(featureOf(to)))
      .filter(({ names }) => names.some(name => writes.test(name)) || names.every(name => name === ''))
      .map(({ from, to, names }) => `${from} -> ${to}: ${names.join()}`)
    expect(wrong).toEqual([])
  })

  it('lists every feature once, and knows it by its manifest alone', () => {
    const manifests = sources.filter(
      path => /^server\/.+\/feature\.ts$/.test(path) && !path.includes('/manifest/'),
    )
    const listed = imports.filter(({ from, isType }) => from === 'server/features.ts' && !isType)
    expect(listed.map(({ to }) => to).sort()).toEqual([...manifests, 'server/platform/manifests.ts'].sort())
    const folders = readdirSync(join(root, 'server/features'))
    expect(manifests.filter(path => path.startsWith('server/features/'))).toEqual(
      folders.map(folder => `server/features/${folder}/feature.ts`),
    )
    expect(new Set(features.map(one => one.name)).size).toBe(features.length)
    const house = ['server/app.ts', 'server/context.ts', 'server/main.ts', 'server/server.ts']
    const named = imports.filter(
      ({ from, to, isType }) => house.includes(from) && to.startsWith('server/features/') && !isType,
    )
    expect(named).toEqual([])
  })

  it('keeps SQL in the stores', () => {
    const holdsSql =
      /import [^;]*\bsql\b[^;]*? from 'kysely'|\.(selectFrom|insertInto|updateTable|deleteFrom)\(/
    const wrong = sources
      .filter(path => path.startsWith('server/') && !isStore(path) && !isTest(path))
      // The storage is what stores are made of.
      .filter(path => !path.startsWith('server/platform/storage/'))
      .filter(path => holdsSql.test(text(path)))
    expect(wrong).toEqual([])
  })

  it('reads the environment in one place', () => {
    const readers = sources.filter(
      path =>
        path.startsWith('server/') && !/\.(test|fixture)\.ts$/.test(path) && /process\.env/.test(text(path)),
    )
    expect(readers.sort()).toEqual(['server/cli.ts', 'server/main.ts', 'server/platform/config.ts'])
  })

  it('reads the configuration again in one place only, where an older reading cannot be the last to arrive', () => {
    const readers = sources.filter(
      path => path.startsWith('server/') && !path.endsWith('.test.ts') && /\.reload\(/.test(text(path)),
    )
    expect(readers).toEqual(['server/context.ts'])
  })

  it('keeps the sandbox and the server apart', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        !from.endsWith('.test.ts') &&
        ((from.startsWith('sandbox/') && to.startsWith('server/')) ||
          (from.startsWith('server/') && to.startsWith('sandbox/'))),
    )
    expect(wrong).toEqual([])
  })

  it('sleeps in no test: test/until.ts waits for the thing itself', () => {
    // These set the pace of a load: of changes while processes are killed, and of messages beside which a page stays quick; and windows of
    // time in which transactions are counted.
    const pacing = [
      'test/journeys/convergence.test.ts',
      'test/browser/popup.test.ts',
      'test/quiet/measure.ts',
    ]
    const others = ['test/until.ts', 'test/rules.test.ts', 'test/browser/screens.ts']
    const sleep =
      /await (new Promise(<\w+>)?\(\w+ => setTimeout|delay|wait|sleep)\(|waitForTimeout|\bsleep \d/
    const wrong = sources.filter(
      path =>
        (path.startsWith('test/') || /\.(test|fixture)\.ts$/.test(path)) &&
        ![...pacing, ...others].includes(path) &&
        sleep.test(text(path)),
    )
    expect(wrong).toEqual([])
  })

  it('skips and silences nothing without a reason', () => {
    const wrong = [...sources, ...pageSources].filter(
      path =>
        path !== 'test/rules.test.ts' &&
        // This file has lines that must not compile, which is how the types of page calls are tested.
        path !== 'web/ui/data/calls.compile.ts' &&
        /\b(it|test|describe)\.(skip|only|todo)\b|TODO|FIXME|@ts-ignore|@ts-expect-error(?! \S)/.test(
          text(path),
        ),
    )
    expect(wrong).toEqual([])
  })
})

describe('the pages', () => {
  const files = pageSources

  it('are small files with kebab-case names and no drawer folders', () => {
    const isText = (path: string) => path.startsWith('web/text/')
    const wrong = files.filter(
      path =>
        (text(path).split('\n').length > linesAtMost && !isText(path)) ||
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.tsx?$/.test(basename(path)) ||
        /\/(utils|helpers|common|services|types)\//.test(path),
    )
    expect(wrong).toEqual([])
  })

  it('stand in no halls side by side, styles counted, texts not', () => {
    const counts = Map.groupBy(
      readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' }).filter(
        name => /\.(tsx?|css)$/.test(name) && !/^(dist|text)\//.test(name),
      ),
      name => dirname(name),
    )
    expect([...counts].filter(([, files]) => files.length > filesAtMost).map(([folder]) => folder)).toEqual(
      [],
    )
  })

  it('take nothing but types from the server, and the words of times', () => {
    const shared = /\/server\/platform\/(?:moments|time-zone)\.ts$/
    const wrong = files.flatMap(path =>
      [...text(path).matchAll(/^(?:import|export) (type )?.*?from '([^']+)'/gms)]
        .filter(match => match[1] === undefined && match[2]?.includes('/server/') && !shared.test(match[2]))
        .map(match => `${path} -> ${match[2]}`),
    )
    expect(wrong).toEqual([])
  })

  it('say that a call failed instead of waiting for it without end', () => {
    const silent = pageSources.flatMap(path => {
      const lines = text(path).split('\n')
      return lines.flatMap((line, at) => {
        if (!/^\s*if \(!\w+(\.data)?\) return <Loading/.test(line)) return []
        const before = lines.slice(Math.max(0, at - 4), at).join('\n')
        return /ErrorState|error/.test(before) ? [] : [`${path}:${at + 1}`]
      })
    })
    expect(silent).toEqual([])
  })

  it('say everything in both languages', () => {
    const areas = (language: string) =>
      files.filter(path => path.startsWith(`web/text/${language}/`)).map(path => basename(path))
    expect(areas('en').sort()).toEqual(areas('zh').sort())
    const variables = (language: string) =>
      [...text(`web/text/${language}/system.ts`).matchAll(/'env:(\w+)'/g)].map(match => match[1])
    const all = environmentTable().map(one => one.name)
    for (const language of ['zh', 'en']) expect(variables(language).sort()).toEqual(all.toSorted())
    // Components contain no texts, except the names of the languages and what the server is known to answer.
    const known = ['account-menu.tsx', 'app-form.tsx', 'sign-in-page.tsx']
    const chinese = files
      .filter(path => !path.startsWith('web/text/') && path.endsWith('.tsx'))
      .filter(path => /[\u4e00-\u9fff]/.test(text(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
    expect(chinese.filter(path => !known.includes(basename(path)))).toEqual([])
  })
})

describe('scopes', () => {
  it('belong to one feature each', () => {
    const declared = allFeatures.flatMap(one => one.scopes ?? [])
    expect(declared.toSorted()).toEqual(scopes.toSorted())
  })

  it('are needed for the events of the feature that they belong to, whose samples are right', () => {
    for (const { name, scopes: own = [], eventTypes = {} } of allFeatures)
      for (const [type, { scope, sample }] of Object.entries(eventTypes)) {
        expect([undefined, ...own], `${name}: ${type}`).toContain(scope)
        checkEvent(type, sample)
      }
  })

  it('are offered when a call needs them, or a rule that the calls obey', () => {
    const needed = new Set(
      endpoints.flatMap(({ access }) => (access.by === 'developer' && access.scope ? [access.scope] : [])),
    )
    for (const { scope } of passthroughs) needed.add(scope)
    // No call needs these by itself; the last two decide what the calls of directory:read show.
    const alone = ['agent:location', 'code:any', 'directory:external', 'directory:profile']
    expect([...needed, ...alone].sort()).toEqual([...scopes].sort())
  })
})

describe('every call', () => {
  it('is declared once, with its section, summary and sample', () => {
    const calls = [...endpoints, ...adminCalls]
    expect(new Set(calls.map(one => one.path)).size).toBe(calls.length)
    for (const one of calls) {
      expect(Object.values(one.summary), one.path).not.toContain('')
      expect(one.sample, one.path).toBeDefined()
    }
  })

  it('is called by a test', () => {
    const tests = sources.filter(path => path.endsWith('.test.ts')).map(text)
    const untested = [...endpoints, ...adminCalls].filter(one => !tests.some(test => test.includes(one.path)))
    expect(untested.map(one => one.path)).toEqual([])
    const untried = passthroughs.filter(
      ({ prefix, sample }) => !tests.some(test => test.includes(`${prefix}${sample.path}`)),
    )
    expect(untried.map(one => one.prefix)).toEqual([])
  })
})

describe('every click that makes wisp call others', () => {
  const clicks = [...endpoints, ...adminCalls, ...pageCalls]
  const isCounted = (one: (typeof clicks)[number]) => 'outgoing' in one && one.outgoing !== undefined
  const calls = (one: (typeof clicks)[number], name: string) =>
    new RegExp(`\\b${name}\\)?\\(`).test(one.handle.toString())
  /** What goes out before it returns. What a queue does later has its own pace. */
  const goesOut =
    'runDoctor examineAccount examineMerchant tryAgentSecret connectCorp changeCorp addAgent changeAgent sendTrial testWebhook syncMenu syncAfterSave reachOfApp pullMenu tryMenu previewTo sendTest pullTemplates'.split(
      ' ',
    )
  const staysInside = new Set([
    '/web/official/follower-pull',
    '/web/official/templates/preview',
    '/web/messages/preview',
    '/web/message-types/preview',
    '/web/messages/templates/preview',
    '/web/directory/import-preview',
    '/api/admin/source/preview',
    '/web/payments/bills/import-preview',
  ])

  it('is counted (limits/outgoing-clicks.ts)', () => {
    for (const name of goesOut) {
      const found = clicks.filter(one => calls(one, name))
      expect(found, name).not.toEqual([])
      expect(
        found.filter(one => !isCounted(one)).map(one => one.path),
        name,
      ).toEqual([])
    }
    const named = clicks.filter(one =>
      /[/-](test|doctor|preview|reach|pull|try|rid|menu\/sync)$/.test(one.path),
    )
    expect(named.filter(one => isCounted(one) === staysInside.has(one.path)).map(one => one.path)).toEqual([])
  })

  it('is counted by its handler where it says so', () => {
    const own = pageCalls.filter(one => 'outgoing' in one && one.outgoing === 'handler')
    expect(own.filter(one => !one.handle.toString().includes('goOut')).map(one => one.path)).toEqual([])
  })
})

describe('every push of an upstream', () => {
  it('is declared once, with its section and a limit of its own', () => {
    expect(new Set(pushes.map(one => one.path)).size).toBe(pushes.length)
    for (const { path, section, bodyAtMost } of pushes) {
      expect(section, path).not.toBe('')
      expect(bodyAtMost, path).toBeLessThanOrEqual(1_000_000)
    }
  })

  it('is called by a test', () => {
    const tests = sources.filter(path => /\.(test|fixture)\.ts$/.test(path)).map(text)
    expect(pushes.filter(one => !tests.some(test => test.includes(one.path)))).toEqual([])
  })

  it('is the only kind of route that gets a raw body', () => {
    const readers = sources.filter(
      path =>
        /^server\/.*(?<!\.test|\.fixture)\.ts$/.test(path) &&
        /ContentTypeParser\(|preParsing|\brequest\.raw\b/.test(text(path)),
    )
    // app.ts parses JSON for all other routes; the pages that people open in WeChat, and that of consent, have no script and post a form;
    // MCP tells of broken JSON in words of its own; what is passed on goes to the vendor as it came, and to the library for OpenID Connect;
    // vendors of OA systems send XML, SOAP and GBK, and are answered in their own words, as are programs that know only WeCom's calls.
    expect(new Set(readers)).toEqual(
      new Set([
        'server/app.ts',
        'server/features/compat-wecom/routes.ts',
        'server/features/mcp/mcp.ts',
        'server/features/todo-sources/routes.ts',
        'server/platform/http/bodies/form.ts',
        'server/platform/http/passthrough/passthrough.ts',
        'server/features/oidc/mount.ts',
        'server/platform/http/upstream-push.ts',
      ]),
    )
    // That function refuses what does not arrive in time; Fastify's own readers wait for it.
    for (const path of readers) {
      expect(text(path), path).toContain('readBody(')
      expect(text(path), path).not.toContain('parseAs')
    }
  })
})
