import type { Db } from '../../../platform/storage/db.ts'
import {
  deleteExternalDepartment,
  type ExternalDepartment,
  insertExternalDepartment,
  renameExternalDepartment,
} from '../external-department-store.ts'

/** The writes of departments of people from outside WeCom, in the transaction of the act; no tree of the mirror has these. */
export const externalDepartmentWrites = {
  make: (tx: Db, corpId: string, department: ExternalDepartment, at: Date): Promise<void> =>
    insertExternalDepartment(tx, corpId, department, at),
  rename: (tx: Db, corpId: string, id: number, name: string): Promise<void> =>
    renameExternalDepartment(tx, corpId, id, name),
  remove: (tx: Db, corpId: string, id: number): Promise<void> => deleteExternalDepartment(tx, corpId, id),
}
