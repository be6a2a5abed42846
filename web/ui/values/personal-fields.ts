import { useText } from '../text.ts'

/** What of a person was given, in words; wire names that this version does not know stay as they are. */
export function usePersonalFields(): (fields: readonly string[]) => string {
  const t = useText('personal-data')
  const words: Record<string, string> = {
    userName: t('userName'),
    alias: t('alias'),
    sex: t('sex'),
    email: t('email'),
    address: t('address'),
    mobile: t('mobile'),
    position: t('position'),
    mainDepartment: t('mainDepartment'),
    directLeaders: t('directLeaders'),
    employeeNumber: t('employeeNumber'),
    extattr: t('extattr'),
  }
  return fields => fields.map(name => words[name] ?? name).join('、')
}
