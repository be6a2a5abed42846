import { Type } from 'typebox'
import { mayAlso } from '../../../organisation/rights/reached.ts'
import { choice, optionalStructured, optionalText, text } from '../../../platform/http/input.ts'
import { paging, requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { bytesOf, uploadBodyAtMost, uploadedFile } from '../../../platform/http/tables/uploaded-file.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { plainFields } from '../plan/fields.ts'
import { type PreviewNowNeeds, previewNow, tryRead } from '../preview-now.ts'
import { addSource, removeSource, type SourceNeeds, setSource } from '../set-source.ts'
import { initialSettings, settingsShape, sourceKinds } from '../settings.ts'
import { sourcesOf } from '../source-store.ts'
import { sourceSchema, sourceView } from '../view.ts'

const access = administrator('super')
const approving = { point: 'directory:write' } as const
const id = requiredId('人事源编号')
const settings = optionalStructured(
  '要修改的设置',
  Type.Partial(Type.Object(settingsShape), { additionalProperties: false }),
)

export const listSources = pageCall({
  method: 'GET',
  path: '/web/directory/sources',
  access,
  point: 'directory:source',
  input: paging,
  output: Type.Object({
    list: Type.Array(sourceSchema),
    total: Type.Number(),
    initial: Type.Object(settingsShape),
    fields: Type.Array(Type.String()),
  }),
  async handle({ db }: SourceNeeds, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const list = []
    for (const one of await sourcesOf(db, corpId)) list.push(await sourceView(db, one, language))
    return { list, total: list.length, initial: initialSettings, fields: [...plainFields] }
  },
})

export const addSourceCall = pageCall({
  method: 'POST',
  path: '/web/directory/sources/add',
  access,
  point: 'directory:source',
  input: {
    name: text('名称', { max: 64 }),
    kind: choice('种类', sourceKinds),
    secret: optionalText('密码', { max: 500 }),
    settings,
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: SourceNeeds, { input, corpId, visitor }) {
    const { name, kind, secret, settings: given = {} } = input
    const by = { mayApprove: mayAlso(visitor, approving) }
    return { id: await addSource(ctx, visitor.actor, corpId, kind, { ...given, name, secret }, by) }
  },
})

export const setSourceCall = pageCall({
  method: 'POST',
  path: '/web/directory/sources/set',
  access,
  point: 'directory:source',
  input: {
    id,
    version: optionalText('表单读到的版本', { max: 64 }),
    name: optionalText('名称', { max: 64 }),
    secret: optionalText('密码；不写则不变', { max: 500 }),
    settings,
  },
  output: Type.Object({}),
  async handle(ctx: SourceNeeds, { input, corpId, visitor }) {
    const { name, secret, settings: given = {}, version } = input
    const change = { ...given, ...(name ? { name } : {}), ...(secret ? { secret } : {}) }
    const by = { version, mayApprove: mayAlso(visitor, approving) }
    await setSource(ctx, visitor.actor, corpId, input.id, change, by)
    return {}
  },
})

export const removeSourceCall = pageCall({
  method: 'POST',
  path: '/web/directory/sources/remove',
  access,
  point: 'directory:source',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: SourceNeeds, { input, corpId, visitor }) {
    await removeSource(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

const content = optionalText('文件内容，base64；不由文件提供的人事源不写', { max: 10_666_668 })
const bytesIn = (given: string | undefined) => (given ? bytesOf(given) : undefined)

/** Reads it and shows the first people as the settings read them; writes nothing. */
export const trySource = pageCall({
  method: 'POST',
  path: '/web/directory/sources/look',
  access,
  point: 'directory:source',
  directory: true,
  outgoing: true,
  bodyAtMost: uploadBodyAtMost,
  input: { id, content },
  output: Type.Object({
    columns: Type.Array(Type.String()),
    people: Type.Number(),
    first: Type.Array(
      Type.Object({
        line: Type.Number(),
        key: Type.String(),
        userId: Type.String(),
        fields: Type.Array(Type.Object({ field: Type.String(), value: Type.String() })),
        isGone: Type.Boolean(),
        why: Type.Array(Type.String()),
      }),
    ),
  }),
  async handle(ctx: PreviewNowNeeds, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const trial = await tryRead(ctx, corpId, input.id, bytesIn(input.content))
    return {
      ...trial,
      first: trial.first.map(one => ({ ...one, why: one.why.map(each => wordsIn(language, each)) })),
    }
  },
})

export const previewSource = pageCall({
  method: 'POST',
  path: '/web/directory/sources/preview',
  access,
  point: 'directory:source',
  directory: true,
  outgoing: true,
  bodyAtMost: uploadBodyAtMost,
  input: { id, content, fileName: uploadedFile.fileName },
  output: Type.Object({ runId: Type.Union([Type.Number(), Type.Null()]) }),
  async handle(ctx: PreviewNowNeeds, { input, corpId, visitor }) {
    const runId = await previewNow(ctx, visitor.actor, corpId, input.id, bytesIn(input.content))
    return { runId: runId ?? null }
  },
})
