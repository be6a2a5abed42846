import { SoundOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { storedFile } from '../../media/media-field.tsx'
import '../../messages/messages.css'

/** A mass message as a follower's phone shows it. */
export function MassPhone(props: {
  account: string
  type: 'text' | 'image' | 'voice' | 'news'
  text: string
  hashes: readonly string[]
  titles: readonly string[]
}): ReactNode {
  const t = useText('official-mass')
  const { account, type, text, hashes, titles } = props
  const isEmpty = type === 'text' ? !text : type === 'news' ? titles.length === 0 : hashes.length === 0
  return (
    <section className="wisp-phone" aria-label={t('phone')}>
      <div className="wisp-phone-note">{account}</div>
      {isEmpty ? <div className="wisp-phone-note">{t('phoneEmpty')}</div> : null}
      {type === 'text' && text ? <div className="oa-mass-bubble">{text}</div> : null}
      {type === 'image'
        ? hashes.map(hash => (
            <div key={hash} className="oa-mass-bubble">
              <img src={storedFile(hash)} alt={t('image')} />
            </div>
          ))
        : null}
      {type === 'voice' && hashes.length > 0 ? (
        <div className="oa-mass-bubble">
          <SoundOutlined aria-hidden /> {t('voice')}
        </div>
      ) : null}
      {type === 'news' && titles.length > 0 ? (
        <div className="oa-mass-bubble">
          <ul className="oa-mass-articles">
            {titles.map((title, n) => (
              <li key={n}>{title}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  )
}
