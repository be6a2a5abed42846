import { type Call, type CallRequest, done, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, object, text, texts } from '../input.ts'
import type { Account } from '../state/account.ts'
import type { Follower, Tag } from '../state/followers.ts'
import type { Records } from '../state/records.ts'
import { followerOf, pageAfter } from './user.ts'

const firstOwnId = 103

/** Tags and the black list (docs/upstream/official-followers.md#tags). */
export const tagCalls: readonly Call[] = [
  post('/cgi-bin/tags/create', ask => {
    const tags = tagsOf(ask.account)
    if (tags.size > ask.platform.rules.tags) throw new OfficialError(45056)
    const name = nameOf(ask)
    const tag = { id: ask.account.next('tag', firstOwnId), name }
    tags.set(tag.id, tag)
    return { tag }
  }),
  get('/cgi-bin/tags/get', ({ account }) => ({
    tags: tagsOf(account)
      .values()
      .map(tag => ({ ...tag, count: taggedWith(account, tag.id).length })),
  })),
  post('/cgi-bin/tags/update', ask => {
    const tag = ownTag(ask)
    tagsOf(ask.account).set(tag.id, { ...tag, name: nameOf(ask, tag.id) })
    return done
  }),
  post('/cgi-bin/tags/delete', ask => {
    const { id } = ownTag(ask)
    const tagged = taggedWith(ask.account, id)
    if (tagged.length > ask.platform.rules.tagDeleteFans) throw new OfficialError(45057)
    for (const follower of tagged) untag(ask.account, follower, id)
    tagsOf(ask.account).delete(id)
    return done
  }),
  post('/cgi-bin/user/tag/get', ({ platform, account, input }) => {
    const id = tagOf(account, input, 'tagid').id
    const next = text(input, 'next_openid')
    return pageAfter(account, taggedWith(account, id), next, platform.rules.followersPerPage)
  }),
  post('/cgi-bin/tags/members/batchtagging', ({ platform, account, input }) => {
    const { id } = tagOf(account, input, 'tagid')
    const followers = listed(account, input, platform.rules.openidsPerTagging)
    const added = followers.filter(follower => !follower.tags.includes(id))
    if (added.some(follower => follower.tags.length >= platform.rules.tagsPerFollower))
      throw new OfficialError(45059)
    for (const follower of added) {
      follower.tags = [...follower.tags, id]
      account.followers.save(follower)
    }
    return done
  }),
  post('/cgi-bin/tags/members/batchuntagging', ({ platform, account, input }) => {
    const { id } = tagOf(account, input, 'tagid')
    for (const follower of listed(account, input, platform.rules.openidsPerTagging))
      untag(account, follower, id)
    return done
  }),
  post('/cgi-bin/tags/getidlist', ({ account, input }) => ({ tagid_list: followerOf(account, input).tags })),
  post('/cgi-bin/tags/members/getblacklist', ({ platform, account, input }) => {
    const blocked = account.followers.list().filter(follower => follower.blocked)
    const begin = text(input, 'begin_openid')
    return { total: blocked.length, ...pageAfter(account, blocked, begin, platform.rules.followersPerPage) }
  }),
  post('/cgi-bin/tags/members/batchblacklist', ask => block(ask, true)),
  post('/cgi-bin/tags/members/batchunblacklist', ask => block(ask, false)),
]

export const tagsOf = (account: Account): Records<Tag> => account.collection<Tag>('tags')

export const taggedWith = (account: Account, id: number): Follower[] =>
  account.followers.subscribed().filter(follower => follower.tags.includes(id))

function nameOf({ platform, account, input }: CallRequest, but?: number): string {
  const name = text(object(input, 'tag'), 'name')
  if (!name) throw new OfficialError(45157)
  if (Buffer.byteLength(name) > platform.rules.tagNameBytes) throw new OfficialError(45158)
  if (
    tagsOf(account)
      .values()
      .some(tag => tag.name === name && tag.id !== but)
  )
    throw new OfficialError(45157)
  return name
}

function tagOf(account: Account, input: Input, key: string): Tag {
  const id = integer(input, key)
  const tag = id === undefined ? undefined : tagsOf(account).get(id)
  if (!tag) throw new OfficialError(45159)
  return tag
}

function ownTag({ account, input }: CallRequest): Tag {
  const tag = object(input, 'tag')
  if ([0, 1, 2].includes(integer(tag, 'id') ?? -1)) throw new OfficialError(45058)
  return tagOf(account, tag, 'id')
}

function listed(account: Account, input: Input, most: number): Follower[] {
  const openids = texts(input, 'openid_list') ?? []
  if (openids.length === 0 || openids.length > most) throw new OfficialError(40032)
  return openids.map(openid => {
    const follower = account.followers.get(openid)
    if (!follower) throw new OfficialError(/^o[\w-]{27}$/.test(openid) ? 49003 : 40003)
    return follower
  })
}

function untag(account: Account, follower: Follower, id: number): void {
  if (!follower.tags.includes(id)) return
  follower.tags = follower.tags.filter(tag => tag !== id)
  account.followers.save(follower)
}

function block({ platform, account, input }: CallRequest, blocked: boolean): Input {
  for (const follower of listed(account, input, platform.rules.openidsPerBlacklisting)) {
    follower.blocked = blocked
    account.followers.save(follower)
  }
  return done
}
