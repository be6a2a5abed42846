import type { Department } from '../corp/records.ts'
import { type Input, integer, text, textOf } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { CorpState } from '../state/state.ts'
import type { Edit } from './edit.ts'

const maxLevels = 15
const maxNodes = 30000

/** department/create (docs/upstream/wecom-directory.md#departments). */
export const createDepartment: Edit = (state, input) => {
  const name = validName(input)
  if (name === undefined) throw new WecomError(60125, 'name missing')
  const parentid = integer(input, 'parentid', 60124)
  if (parentid === undefined) throw new WecomError(60124, 'parentid missing')
  if (!state.departments.has(parentid)) throw new WecomError(60004)
  const id = integer(input, 'id', 60123) ?? state.nextDepartmentId()
  if (id < 1 || id > 0x7fffffff) throw new WecomError(60123)
  if (state.departments.has(id)) throw new WecomError(60008)
  checkName(state, name, parentid, undefined)
  if (state.departments.size >= maxNodes) throw new WecomError(81001)
  checkRoom(state, parentid)
  if (level(state, parentid) + 1 > maxLevels) throw new WecomError(81002)
  const name_en = textOf(input, 'name_en', 64, 60125) ?? ''
  const department = { id, name, name_en, parentid, order: orderOf(input) ?? lastOrder(state, parentid) }
  state.putDepartment(department)
  return { answer: { errcode: 0, errmsg: 'created', id }, events: [{ type: 'create_party', department }] }
}

/** department/update; fields that are missing stay unchanged (docs/upstream/wecom-directory.md#departments). */
export const updateDepartment: Edit = (state, input) => {
  const before = known(state, input)
  const next = { ...before }
  const name = validName(input)
  if (name !== undefined) next.name = name
  next.name_en = textOf(input, 'name_en', 64, 60125) ?? before.name_en
  next.order = orderOf(input) ?? before.order
  const parentid = integer(input, 'parentid', 60124)
  if (parentid !== undefined && parentid !== before.parentid) {
    checkMove(state, before, parentid)
    next.parentid = parentid
  }
  if (next.name !== before.name || next.parentid !== before.parentid)
    checkName(state, next.name, next.parentid, before.id)
  const { id } = before
  const renamed = next.name !== before.name
  const moved = next.parentid !== before.parentid
  const touched = renamed || moved || next.order !== before.order || next.name_en !== before.name_en
  if (touched) state.putDepartment(next)
  return {
    answer: { errcode: 0, errmsg: 'updated' },
    events: touched
      ? [
          {
            type: 'update_party',
            id,
            ...(renamed && { name: next.name }),
            ...(moved && { parentid: next.parentid }),
          },
        ]
      : [],
  }
}

/**
 * department/delete. Only an empty department can be deleted, and never the root (docs/upstream/wecom-directory.md#departments).
 */
export const deleteDepartment: Edit = (state, input) => {
  const { id } = known(state, input)
  if (id === 1) throw new WecomError(60007)
  if (state.membersOf(id).size > 0) throw new WecomError(60005)
  if (state.childrenOf(id).size > 0) throw new WecomError(60006)
  state.deleteDepartment(id)
  return { answer: { errcode: 0, errmsg: 'deleted' }, events: [{ type: 'delete_party', id }] }
}

function known(state: CorpState, input: Input): Department {
  const id = integer(input, 'id', 60123)
  if (id === undefined || id < 1) throw new WecomError(60123)
  const department = state.departments.get(id)
  if (!department) throw new WecomError(60003)
  return department
}

function validName(input: Input): string | undefined {
  const name = text(input, 'name', 60125)
  if (name === undefined) return undefined
  const length = [...name].length
  if (name.trim() === '' || length > 64) throw new WecomError(60125)
  if (/[\\:*?"<>|]/.test(name)) throw new WecomError(60009)
  return name
}

function checkName(state: CorpState, name: string, parentid: number, self: number | undefined): void {
  for (const id of state.childrenOf(parentid)) {
    if (id !== self && state.departments.get(id)?.name === name) throw new WecomError(60008)
  }
}

function checkMove(state: CorpState, department: Department, parentid: number): void {
  if (department.id === 1) throw new WecomError(60124, 'root department cannot be moved')
  if (!state.departments.has(parentid)) throw new WecomError(60004)
  for (const ancestor of state.upwards(parentid)) if (ancestor === department.id) throw new WecomError(60010)
  if (level(state, parentid) + height(state, department.id) > maxLevels) throw new WecomError(81002)
  checkRoom(state, parentid)
}

function checkRoom(state: CorpState, id: number): void {
  if (state.childrenOf(id).size + state.membersOf(id).size >= maxNodes) throw new WecomError(81001)
}

function orderOf(input: Input): number | undefined {
  const order = integer(input, 'order')
  if (order !== undefined && (order < 0 || order > 0xffffffff)) throw new WecomError(40058, 'order')
  return order
}

/** A new department is placed after its siblings. */
function lastOrder(state: CorpState, parentid: number): number {
  let order = 100000500
  for (const id of state.childrenOf(parentid)) order = Math.min(order, state.departments.get(id)!.order)
  return Math.max(0, order - 500)
}

/** The root is level 1. */
const level = (state: CorpState, id: number): number => [...state.upwards(id)].length

function height(state: CorpState, id: number): number {
  let deepest = 0
  for (const child of state.childrenOf(id)) deepest = Math.max(deepest, height(state, child))
  return deepest + 1
}
