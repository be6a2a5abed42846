import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import type { OpenedApp } from '../data.ts'
import { Icon } from '../icons.tsx'

type Kind = 'down' | 'broken' | 'unframed' | 'slow' | 'mixed'

/** Shown in place of a frame that would stay white. */
export function Trouble(props: {
  kind: Kind
  opened: OpenedApp
  retry(): void
  ignore?: () => void
}): ReactNode {
  const t = useText('portal')
  const { kind, opened } = props
  const name = opened.title
  const words = {
    down: [t('appDown', { name }), t('appDownHint')],
    broken: [t('appBroken', { name }), t('appBrokenHint')],
    unframed: [t('appUnframed', { name }), t('appUnframedHint')],
    slow: [t('appSlow', { name }), t('appSlowHint')],
    mixed: [t('appMixed', { name }), t('appMixedHint')],
  }[kind]
  return (
    <div className="wb-trouble" role="alert">
      <span className="wb-trouble-icon">
        <Icon name="warning" size={40} />
      </span>
      <h2>{words[0]}</h2>
      <p>{words[1]}</p>
      <div className="wb-row">
        {kind === 'unframed' || kind === 'mixed' ? null : (
          <button type="button" className="wb-button wb-primary" onClick={props.retry}>
            {t('retry')}
          </button>
        )}
        <a className="wb-button" href={opened.url} target="_blank" rel="noopener">
          {t('openInWindow')}
        </a>
        {props.ignore ? (
          <button type="button" className="wb-button" onClick={props.ignore}>
            {kind === 'slow' ? t('keepWaiting') : t('showAnyway')}
          </button>
        ) : null}
      </div>
    </div>
  )
}
