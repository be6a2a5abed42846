import type { Seal } from '../../../platform/security/seal.ts'
import { BackupError } from '../backup-error.ts'
import type { Footer } from '../dump-store.ts'

/*
 * Whoever can write to the place of the backups can write a file with right sums too, and a password of their own in it. So the footer
 * carries an HMAC with a key made of WISP_SECRET_KEY: it covers the footer, whose hash covers everything before it.
 */

const purpose = 'backup footer'

export function signFooter(seal: Pick<Seal, 'sign'>, footer: Footer): Footer {
  return { ...footer, signature: seal.sign(purpose, textOf(footer)) }
}

export function isFooterSigned(seal: Pick<Seal, 'isSigned'>, footer: Footer): boolean {
  return seal.isSigned(purpose, textOf(footer), footer.signature ?? '')
}

function textOf({ signature: _signature, ...footer }: Footer): string {
  return JSON.stringify(footer)
}

/** What to do about a backup that may be anybody's. `isMissing`: it has no signature at all. */
export function unsignedError(file: string, isMissing: boolean): BackupError {
  return isMissing
    ? new BackupError(
        `${file} 没有签名，无法确认是持有 WISP_SECRET_KEY 的 wisp 写下的：能写备份位置的人都可以放入自己改过的文件（例如换掉管理员密码）。没有恢复任何内容。更早版本用 wisp backup 写下的文件都没有签名；确认文件来源可靠后，加 --unsigned 再执行`,
        `${file} has no signature, so nothing shows that a wisp with this WISP_SECRET_KEY wrote it: whoever can write to the place of the backups can put a changed file there, such as one with another administrator password. Nothing was restored. Files that earlier versions wrote by wisp backup have no signature; make sure where the file comes from, then add --unsigned`,
      )
    : new BackupError(
        `${file} 的签名不对：内容在写下之后被改动过，或不是用这个 WISP_SECRET_KEY 签的。没有恢复任何内容。请换用另一个备份；确认文件来源可靠时，加 --unsigned 再执行`,
        `${file} has a wrong signature: its content was changed after it was written, or it was signed with another WISP_SECRET_KEY. Nothing was restored. Take another backup; if you are sure where the file comes from, add --unsigned`,
      )
}
