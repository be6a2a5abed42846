import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'

const nameAtMost = 200

/** Controls, and what turns the direction of a text, by which `fdp.exe` may look like `exe.pdf`. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
/** What WeCom or a system of files does not take in a name. */
const refused = /[:*?"<>|]/g

/** Browsers write these three so in the name of a part. */
function unescaped(name: string): string {
  return name.replaceAll(/%(22|0D|0A)/gi, one => decodeURIComponent(one))
}

/**
 * A file's name as people see it: without folders, and without what is not seen or cannot stand in a name. Throws 1000 for one that is too long.
 */
export function shownName(given: string): string {
  const last = unescaped(given).toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const name = last.replaceAll(unseen, '').replaceAll(refused, '_').trim()
  if ([...name].length > nameAtMost)
    throw new ApiError('badParameter', {
      zh: told`文件名最长 ${own(nameAtMost)} 个字符，请改短`,
      en: told`the file's name has more than ${own(nameAtMost)} characters: shorten it`,
    })
  return /^\.*$/.test(name) ? 'file' : name
}
