import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../../sandbox/avatar.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { storeFile } from '../../../platform/files/files.ts'
import type { Account } from '../accounts/accounts.ts'
import { articleImageUrl } from '../media/media.ts'
import { type Article, articleLimits } from './article.ts'
import { publicationsOf } from './drafts.ts'

let world: World
let account: Account
let as: SignedInClient
let coverHash: string
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  account = await world.bindOfficial()
  as = await signInAs(world, 'super')
  coverHash = (await storeFile(world.ctx, world.corpId, 'image', avatarPng(1, 40))).hash
})
afterAll(() => world.close())

const article = (given: Partial<Article> = {}): Article => ({
  title: '春天来了',
  author: '行政部',
  digest: '',
  content: '<p>正文</p>',
  sourceUrl: '',
  coverHash,
  coverMediaId: '',
  hasComments: false,
  fansOnly: false,
  ...given,
})
const post = (path: string, body: object) =>
  as.post(`/web/official/${path}`, { originalId: account.originalId, ...body })
const get = async (path: string, query = {}) =>
  (await as.get(`/web/official/${path}`, { originalId: account.originalId, ...query })).body
const save = (articles: Article[], mediaId?: string) => post('draft/save', { articles, mediaId })
const publicationOf = async (publishId: string) => {
  const { list } = await get('publications')
  return list.find((one: { publishId: string }) => one.publishId === publishId)
}
const ended = async (publishId: string) => {
  await until('the end of the publication', async () => (await publicationOf(publishId)).status !== 1)
  return publicationOf(publishId)
}

describe('a draft', () => {
  it('is made, listed, changed and deleted at WeChat', async () => {
    const { mediaId } = (await save([article()])).body
    expect((await get('drafts')).list).toMatchObject([{ mediaId, titles: ['春天来了'], coverHash }])
    const changed = article({ title: '夏天来了', coverHash: '', coverMediaId: await coverId(mediaId) })
    expect((await save([changed], mediaId)).body.mediaId).toBe(mediaId)
    const { articles } = await get('draft', { mediaId })
    expect(articles).toMatchObject([{ title: '夏天来了', author: '行政部', digest: '正文', coverHash }])
    const longer = (await save([changed, article()], mediaId)).body.mediaId
    expect(await get('drafts')).toMatchObject({ total: 1, list: [{ mediaId: longer }] })
    await post('draft/remove', { mediaId: longer })
    expect((await get('drafts')).total).toBe(0)
    expect((await as.get('/web/official/draft', { originalId: account.originalId, mediaId })).retCode).toBe(
      '1011',
    )
  })
  const coverId = async (mediaId: string) => (await get('draft', { mediaId })).articles[0].coverMediaId

  it('tells what WeChat takes out of it', async () => {
    const url = await articleImageUrl(world.ctx, account, coverHash)
    const kept = await save([article({ content: `<p>图 <img src="${url}"></p>` })])
    expect(kept.body.removed).toEqual([])
    const content = '<p onclick="x()">图<script>alert(1)</script><img src="https://other.example/a.png"></p>'
    const { mediaId, removed } = (await save([article({ content })])).body
    expect(removed).toEqual([expect.stringContaining('脚本'), expect.stringContaining('1 张外部图片')])
    expect((await get('draft', { mediaId })).articles[0].content).not.toContain('script')
  })

  it.each<[string, Partial<Article>]>([
    ['no title', { title: ' ' }],
    ['a long title', { title: '长'.repeat(articleLimits.titleChars + 1) }],
    ['a long author', { author: '长'.repeat(articleLimits.authorChars + 1) }],
    ['a long digest', { digest: '长'.repeat(articleLimits.digestChars + 1) }],
    ['no content', { content: '' }],
    ['a long content', { content: '长'.repeat(articleLimits.contentChars) }],
    ['no cover', { coverHash: '' }],
    ['a cover that is not there', { coverHash: '0'.repeat(64) }],
    ['no address as source', { sourceUrl: 'javascript:alert(1)' }],
  ])('with %s is refused before WeChat is asked', async (_what, given) => {
    expect((await save([article(given)])).retCode).toBe('1000')
  })

  it('at the limits is taken', async () => {
    const { titleChars, authorChars, digestChars, contentChars } = articleLimits
    const full = article({
      title: '题'.repeat(titleChars),
      author: '作'.repeat(authorChars),
      digest: '摘'.repeat(digestChars),
      content: '文'.repeat(contentChars - 1),
    })
    expect((await save([full])).retCode).toBe('0')
  })

  it('has at most eight articles', async () => {
    expect((await save([])).retCode).toBe('1000')
    expect((await save(Array(9).fill(article()))).retCode).toBe('1000')
  })

  it('is published without being sent, and its end is told in words', async () => {
    const { mediaId } = (await save([article()])).body
    const { publishId } = (await post('draft/publish', { mediaId })).body
    const publication = await ended(publishId)
    expect(publication).toMatchObject({ title: '春天来了', status: 0, told: '已发布' })
    const [url] = publication.urls
    expect(await (await fetch(url)).text()).toContain('春天来了')
    expect((await get('drafts')).list).not.toContainEqual(expect.objectContaining({ mediaId }))
  })

  it('that WeChat does not publish says why, by whichever name the event comes', async () => {
    await world.control('official/rules', { publishStatus: 2, publishEvent: 'FREEPUBLISHJOBFINISH' })
    const { mediaId } = (await save([article()])).body
    const { publishId } = (await post('draft/publish', { mediaId })).body
    expect(await ended(publishId)).toMatchObject({ status: 2, told: '原创校验未通过', urls: [] })
    await world.control('official/rules', { rules: null })
  })

  it('whose event stays out is asked for', async () => {
    await world.control('faults', { match: 'official/PUBLISHJOBFINISH', mode: 'dropCallback', times: 3 })
    await world.control('official/rules', { publishJobMs: 0 })
    const { mediaId } = (await save([article()])).body
    const { publishId } = (await post('draft/publish', { mediaId })).body
    await world.settleOfficial(account)
    expect(await publicationOf(publishId)).toMatchObject({ status: 1, told: '发布中' })
    world.clock.offsetMs += 61_000
    const [newest] = await publicationsOf(world.ctx, account)
    expect(newest).toMatchObject({ publishId, status: 0, urls: [expect.stringContaining('http')] })
    world.clock.offsetMs = 0
    await world.control('official/rules', { rules: null })
    await world.control('faults', undefined, 'DELETE')
  })

  it('is refused for an account that may have none', async () => {
    const unverified = await world.bindOfficial('subscription', { verified: false })
    const body = { originalId: unverified.originalId, articles: [article()] }
    expect((await as.post('/web/official/draft/save', body)).retCode).toBe('1009')
  })
})
