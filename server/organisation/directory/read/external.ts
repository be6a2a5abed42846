import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { flag } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import { toWire } from '../../../platform/http/wire.ts'
import { type ExternalDepartment, externalDepartments } from '../external-department-store.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import {
  listAnswer,
  listWire,
  pageAnswer,
  personalDataOf,
  type View,
  viewWithExternal,
  withMembers,
} from './view.ts'

type Needs = Core & { mirrors: Mirrors }

/** Input of calls that can also be about people from outside WeCom. */
export const external = flag({
  zh: '1：外部人员（须有权限 directory:external，数据范围为整个企业）',
  en: '1: people from outside WeCom (needs the scope directory:external and the whole corp as data scope)',
})

/** Throws 1009 without the scope, or with a data scope. */
export function externalView(ctx: Needs, developer: Caller): View {
  if (!developer.scopes.has('directory:external'))
    throw new ApiError(
      'forbidden',
      {
        zh: 'external=1 需要权限 directory:external',
        en: 'external=1 needs the scope directory:external',
      },
      { mend: { scope: 'directory:external' } },
    )
  if (developer.dataScope !== undefined)
    throw new ApiError('forbidden', {
      zh: 'external=1 需要数据范围为整个企业',
      en: 'external=1 needs the whole corp as data scope',
    })
  return viewWithExternal(ctx, developer)
}

/** The departments of people from outside WeCom, which have a tree of their own; below `orgId`, where it is given. Throws 1005. */
export async function externalOrgs(ctx: Needs, developer: Caller, orgId: string | undefined) {
  externalView(ctx, developer)
  const { corpId } = developer
  const all = await externalDepartments(ctx.db, corpId)
  const shown = orgId ? below(all, orgId) : all
  const rows = shown.map(({ id, name, parentId }) =>
    toWire(
      JSON.stringify({
        orgId: String(id),
        orgName: name,
        corpId,
        parentId: String(parentId),
        sortNo: 0,
        isAll: '1',
        childCount: all.filter(one => one.parentId === id).length,
        userList: [],
      }),
    ),
  )
  return listAnswer(developer, rows)
}

/** The department and its children, as `/api/org/list` has it. */
function below(all: readonly ExternalDepartment[], orgId: string): ExternalDepartment[] {
  const found = all.find(one => String(one.id) === orgId)
  if (!found) throw new ApiError('unknownDepartment', told`${orgId}`)
  return [found, ...all.filter(one => one.parentId === found.id)]
}

type ListInput = {
  orgId: string
  fetchChild: boolean
  pageNo?: number | undefined
  pageSize?: number | undefined
}

const pageSizeUsual = 100

/** People in one of their departments, or below it too, in pages. Throws 1005. */
export async function externalUsers(ctx: Needs, developer: Caller, input: ListInput) {
  const { orgId, fetchChild, pageNo = 1, pageSize = pageSizeUsual } = input
  const view = externalView(ctx, developer)
  const all = await externalDepartments(ctx.db, developer.corpId)
  const id = Number(orgId)
  if (!all.some(one => String(one.id) === orgId)) throw new ApiError('unknownDepartment', told`${orgId}`)
  // Each has the departments above its own, too, so that everybody below stands in the department's list.
  const people = view.mirror.members.direct(id)
  const meant = fetchChild ? people : people.filter(one => one.departments[0] === id)
  const from = Math.max(0, pageNo - 1) * pageSize
  const page = meant.slice(from, from + pageSize)
  return withMembers(ctx, view, page, false, list => {
    const wire = listWire(developer, list, `,"total":${meant.length}`)
    const isMore = from + page.length < meant.length
    return pageAnswer(developer, { wire, people: personalDataOf(view, page), isMore })
  })
}
