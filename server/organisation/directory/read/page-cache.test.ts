import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'

let world: World
let masked: Caller
let bare: Caller
beforeAll(async () => {
  world = await startWorld()
  await world.connectCallback()
  masked = await world.addDeveloper({ scopes: ['directory:read'] })
  bare = await world.addDeveloper({ listStyle: 'array' })
})
afterAll(() => world.close())

const query = { orgId: 1, fetchChild: 1, pageNo: 1, pageSize: 50 }
const page = async (dev: Caller = world.dev) => (await dev.get('/api/user/orgUserList', query)).body
const userOf = (list: { userId: string }[], userId: string) => list.find(one => one.userId === userId)

it('pages asked for again are those of now', async () => {
  const first = await page()
  expect(await page()).toEqual(first)
  const someone = first.list[3].userId

  await world.admin('user/update', { userid: someone, name: '改名' })
  await world.settle()
  expect(userOf((await page()).list, someone)).toMatchObject({ userName: '改名' })

  await world.admin('user/create', {
    userid: 'another',
    name: '新人',
    department: [1],
    mobile: '13900009876',
  })
  await world.settle()
  expect((await page()).total).toBe(first.total + 1)

  await world.admin('user/delete', { userid: someone })
  await world.settle()
  expect(userOf((await page()).list, someone)).toBeUndefined()
})

it('a page is nobody else’s: not of those who may not see mobiles, nor of another list style or range', async () => {
  const { list } = await page()
  const withMobile = list.findIndex((one: { mobile: string }) => one.mobile !== '')
  expect(list[withMobile].mobile).toMatch(/^\d{11}$/)
  expect((await page(masked)).list[withMobile].mobile).toMatch(/\*{4}/)
  expect(await page(bare)).toEqual(list)
  const half = await world.dev.get('/api/user/orgUserList', { ...query, pageSize: 25, pageNo: 2 })
  expect(half.body.list).toEqual(list.slice(25, 50))
})

it('links to avatars are new in a new hour', async () => {
  const linkOf = async () =>
    (await page()).list.find((one: { avatarUrl: string }) => one.avatarUrl)?.avatarUrl as string
  const before = await linkOf()
  world.clock.offsetMs += 61 * 60_000
  expect(await linkOf()).not.toBe(before)
})
