import { type ReactNode, useRef, useState } from 'react'
import { useText } from '../ui/text.ts'
import { selectText, writeClipboard } from '../ui/values/clipboard.ts'
import { Icon } from '../workbench/icons.tsx'

/**
 * For a phone's browser, which cannot scan its own screen: the way into WeCom, where the page opens signed in. WeCom's
 * scheme opens the client and takes no address with it, so the address is copied.
 */
export function OpenInWecom(props: { to: string | undefined }): ReactNode {
  const t = useText('sign-in')
  const shown = useRef<HTMLElement>(null)
  const [copied, setCopied] = useState<'copied' | 'copyFailed'>()
  const address = location.origin + (props.to ?? '/mobile')
  const copy = async () => {
    const isCopied = await writeClipboard(address)
    if (!isCopied && shown.current) selectText(shown.current)
    setCopied(isCopied ? 'copied' : 'copyFailed')
  }
  return (
    <>
      <p className="sign-in-lead">{t('phoneHint')}</p>
      <ol className="sign-in-steps">
        <li>
          {t('phoneCopy')}
          <button type="button" className="wb-button sign-in-go" onClick={() => void copy()}>
            {t('copyLink')}
          </button>
          <p className="wb-quiet" role="status">
            {copied === 'copied' ? null : <span ref={shown}>{address}</span>} {copied ? t(copied) : null}
          </p>
        </li>
        <li>
          {t('phonePaste')}
          <a className="wb-button wb-primary sign-in-go" href="wxwork://">
            <Icon name="message" />
            {t('openWecom')}
          </a>
        </li>
      </ol>
    </>
  )
}
