import type { Areas } from '../areas.ts'

export const text: Record<keyof Areas['personal-data'], string> = {
  userName: 'name',
  alias: 'alias',
  sex: 'sex',
  email: 'email',
  address: 'address',
  mobile: 'mobile number',
  position: 'position',
  mainDepartment: 'main department',
  directLeaders: 'direct leaders',
  employeeNumber: 'employee number',
  extattr: 'extended attributes',
}
