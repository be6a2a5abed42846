import { createDepartment, deleteDepartment, updateDepartment } from './department.ts'
import type { Edit } from './edit.ts'
import { addTagUsers, createTag, deleteTag, deleteTagUsers, updateTag } from './tag.ts'
import { batchDeleteUsers, createUser, deleteUser, renameUser, updateUser } from './user.ts'

/** Every change of a corp, by its name in the API. `user/rename` exists in the console only. */
export const edits: Readonly<Record<string, Edit>> = {
  'department/create': createDepartment,
  'department/update': updateDepartment,
  'department/delete': deleteDepartment,
  'user/create': createUser,
  'user/update': updateUser,
  'user/delete': deleteUser,
  'user/batchdelete': batchDeleteUsers,
  'user/rename': renameUser,
  'tag/create': createTag,
  'tag/update': updateTag,
  'tag/delete': deleteTag,
  'tag/addtagusers': addTagUsers,
  'tag/deltagusers': deleteTagUsers,
}
