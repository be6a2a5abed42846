import { Type } from 'typebox'
import { roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { holdsPoint } from '../../../organisation/rights/reached.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { flag, text } from '../../../platform/http/input.ts'
import { administrator, pageCall, refused } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { ownerOf } from '../../apps/workbench/workbench.ts'
import { ofCorp, type ViewKey, viewsOf } from './view-store.ts'
import { removeView, saveView } from './views.ts'

const access = administrator('graded')
const point = 'console:use'

const list = text('列表的调用，例如 /web/messages/list', { max: 100 })
const keyInput = {
  list,
  name: text('视图的名称', { max: 40 }),
  shared: flag('1：给企业的所有管理员用的'),
}
type Needs = Core & { offered: FeatureOffers }
type Key = Omit<ViewKey, 'corpId' | 'owner'> & { shared: boolean }

/** Throws 403 where anybody but a super administrator names a view of the corp. */
function keyOf(corpId: string, visitor: Person, { list, name, shared }: Key): ViewKey {
  const { roleLevel: level } = visitor
  if (shared && level !== roleLevel.system && level !== roleLevel.superAdministrator)
    throw refused({
      zh: '只有超级管理员可以修改企业的视图',
      en: 'only super administrators can change views of the corp',
    })
  return { corpId, list, name, owner: shared ? ofCorp : ownerOf(visitor) }
}

/** Views say what others look for, so that they are for whoever may read the list. Throws 1000 for no list of a corp, 403. */
function checkMayRead({ offered }: { offered: FeatureOffers }, visitor: Person, list: string): void {
  const { access, point } = offered.lists.get(list) ?? {}
  if (!access || access.by === 'operator')
    throw new ApiError('badParameter', {
      zh: told`list 没有 ${list}，应为企业的列表的调用，例如 /web/messages/list`,
      en: told`list: there is no ${list}; it should be the call of a corp's list such as /web/messages/list`,
    })
  if (point && access.by !== 'owner' && !holdsPoint(visitor, point))
    throw refused({
      zh: '您的管理员等级看不到这个列表',
      en: 'your administrator level does not show you this list',
    })
}

/** The views of a list that its reader may choose: the corp's, and their own. */
export const listViews = pageCall({
  method: 'GET',
  path: '/web/console/views',
  access,
  point,
  input: { list },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        name: Type.String(),
        /** Filters and order, as they stand in the address. */
        query: Type.String(),
        shared: Type.Boolean(),
      }),
    ),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    checkMayRead(ctx, visitor, input.list)
    const views = await viewsOf(ctx.db, { corpId, owner: ownerOf(visitor), list: input.list })
    return { list: views.map(({ owner, ...view }) => ({ ...view, shared: owner === ofCorp })) }
  },
})

export const saveViewCall = pageCall({
  method: 'POST',
  path: '/web/console/views/save',
  access,
  point,
  input: { ...keyInput, query: text('筛选条件，写法同地址中 ? 之后', { max: 2000 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    checkMayRead(ctx, visitor, input.list)
    await saveView(ctx, visitor.actor, keyOf(corpId, visitor, input), input.query)
    return {}
  },
})

export const removeViewCall = pageCall({
  method: 'POST',
  path: '/web/console/views/remove',
  access,
  point,
  input: keyInput,
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await removeView(ctx, visitor.actor, keyOf(corpId, visitor, input))
    return {}
  },
})
