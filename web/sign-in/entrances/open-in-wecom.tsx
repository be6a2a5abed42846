import { type ReactNode, useRef, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { selectText, writeClipboard } from '../../ui/values/clipboard.ts'
import { Icon } from '../../workbench/icons.tsx'
import { wecomAddress } from '../where-to.ts'

/**
 * For a phone's browser, which cannot scan its own screen: the link opens the client at the sign-in, and from there at the page. Whether
 * it does so depends on the phone (docs/upstream/wecom-sign-in.md#from-a-phones-browser), so that the address can be carried by hand too.
 */
export function OpenInWecom(props: { corpId: string; to: string | undefined }): ReactNode {
  const t = useText('sign-in')
  const shown = useRef<HTMLElement>(null)
  const [copied, setCopied] = useState<'copied' | 'copyFailed'>()
  const to = props.to ?? '/mobile'
  const address = location.origin + to
  const copy = async () => {
    const isCopied = await writeClipboard(address)
    if (!isCopied && shown.current) selectText(shown.current)
    setCopied(isCopied ? 'copied' : 'copyFailed')
  }
  const open = `wxwork://openurl?url=${encodeURIComponent(location.origin + wecomAddress(props.corpId, to))}`
  return (
    <>
      <p className="sign-in-lead">{t('phoneHint')}</p>
      <a className="wb-button wb-primary sign-in-go" href={open}>
        <Icon name="message" />
        {t('openWecom')}
      </a>
      <details className="sign-in-by-hand">
        <summary>{t('phoneByHand')}</summary>
        <p>{t('phoneCopy')}</p>
        <button type="button" className="wb-button sign-in-go" onClick={() => void copy()}>
          {t('copyLink')}
        </button>
        <p className="wb-quiet" role="status">
          {copied === 'copied' ? null : <span ref={shown}>{address}</span>} {copied ? t(copied) : null}
        </p>
      </details>
    </>
  )
}
