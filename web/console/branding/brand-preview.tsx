import { Segmented } from 'antd'
import { type CSSProperties, type ReactNode, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { letterOf } from '../../ui/values/app-letter.ts'
import { SiteFooter } from '../../workbench/site-footer.tsx'
import type { BrandColours, BrandValues, BrandView } from './brand-values.ts'

/** `isOwn` is false where wisp's own name is shown, which stands at sign-in alone. */
type ShownBrand = {
  isOwn: boolean
  name: string
  logo: string
  icpNumber: string
  policeNumber: string
  privacy: string
}

/** What members would see, in small, as the form is filled. */
export function BrandPreview(props: {
  values: BrandValues
  brand: BrandView
  colours: BrandColours | undefined
}): ReactNode {
  const t = useText('branding')
  const [isDark, setDark] = useState(document.documentElement.dataset['theme'] === 'dark')
  const shown = shownOf(props.values, props.brand)
  return (
    <section className="brand-preview" aria-label={t('preview')}>
      <div className="brand-preview-head">
        <h2>{t('preview')}</h2>
        <Segmented
          size="small"
          aria-label={t('preview')}
          value={isDark ? 'dark' : 'light'}
          options={[
            { value: 'light', label: t('previewLight') },
            { value: 'dark', label: t('previewDark') },
          ]}
          onChange={value => setDark(value === 'dark')}
        />
      </div>
      <div className="brand-scene" data-dark={isDark || undefined} style={styleOf(props.colours, isDark)}>
        <SignInScene shown={shown} />
        <PortalScene shown={shown} />
        <div className="brand-pair">
          <PhoneScene shown={shown} />
          <div className="brand-always-light" style={styleOf(props.colours, false)}>
            <MailScene shown={shown} />
          </div>
        </div>
      </div>
    </section>
  )
}

/** Name and logo belong together, as on the pages (server/features/branding/brands.ts). */
function shownOf(values: BrandValues, { otherwise, plainName, host }: BrandView): ShownBrand {
  const name = values.name.trim()
  const isOwn = name !== '' || values.logo !== undefined
  const { privacyKind } = values
  return {
    isOwn: isOwn || otherwise.name !== '' || otherwise.logo !== null,
    name: (isOwn ? name || plainName : otherwise.name) || 'wisp',
    logo: isOwn ? (values.logo?.path ?? '') : (otherwise.logo?.path ?? (otherwise.name ? '' : '/icon.svg')),
    icpNumber: values.icpNumber.trim() || otherwise.icpNumber,
    policeNumber: values.policeNumber.trim() || otherwise.policeNumber,
    privacy: privacyKind === 'none' ? otherwise.privacy : `//${host}/privacy`,
  }
}

function styleOf(colours: BrandColours | undefined, isDark: boolean): CSSProperties {
  const shades = isDark ? colours?.dark : colours?.light
  if (!shades) return {}
  return {
    '--brand-fill': shades.fill,
    '--brand-text': shades.text,
    '--brand-chosen': shades.chosen,
  } as CSSProperties
}

function Logo(props: { shown: ShownBrand; size: number }): ReactNode {
  const { shown, size } = props
  if (shown.logo)
    return <img src={shown.logo} alt="" style={{ height: size, maxWidth: size * 4, objectFit: 'contain' }} />
  return (
    <span
      className="brand-letter"
      aria-hidden="true"
      style={{
        width: size,
        height: size,
        borderRadius: Math.round(size * 0.24),
        fontSize: Math.round(size * 0.5),
      }}
    >
      {letterOf({ id: '', name: shown.name }).letter}
    </span>
  )
}

function Mark(props: { shown: ShownBrand; size: number }): ReactNode {
  if (!props.shown.isOwn) return null
  return (
    <>
      <Logo {...props} />
      <bdi className="brand-name">{props.shown.name}</bdi>
    </>
  )
}

function Scene(props: { name: string; kind: string; children: ReactNode }): ReactNode {
  return (
    <figure className={`brand-figure brand-${props.kind}`}>
      <figcaption>{props.name}</figcaption>
      <div className="brand-window">{props.children}</div>
    </figure>
  )
}

function SignInScene({ shown }: { shown: ShownBrand }): ReactNode {
  const t = useText('branding')
  return (
    <Scene name={t('previewSignIn')} kind="sign-in">
      <Logo shown={shown} size={40} />
      <bdi className="brand-title">{shown.name}</bdi>
      <span className="brand-quiet">{t('sampleSubtitle')}</span>
      <span className="brand-button">{t('sampleSignIn')}</span>
      <SiteFooter brand={shown} privacy={t('privacy')} />
    </Scene>
  )
}

function PortalScene({ shown }: { shown: ShownBrand }): ReactNode {
  const t = useText('branding')
  return (
    <Scene name={t('previewPortal')} kind="portal">
      <Mark shown={shown} size={24} />
      <span className="brand-tab">{t('sampleTab')}</span>
      <span className="brand-person">{t('samplePerson')}</span>
    </Scene>
  )
}

function PhoneScene({ shown }: { shown: ShownBrand }): ReactNode {
  const t = useText('branding')
  return (
    <Scene name={t('previewPhone')} kind="phone">
      <div className="brand-line">
        <Mark shown={shown} size={22} />
      </div>
      <div className="brand-tiles" aria-hidden="true">
        {[1, 2, 3, 4, 5, 6, 7, 8].map(tile => (
          <i key={tile} />
        ))}
      </div>
      <div className="brand-bar">
        <b>{t('sampleTabs1')}</b>
        <span>{t('sampleTabs2')}</span>
        <span>{t('sampleTabs3')}</span>
      </div>
    </Scene>
  )
}

function MailScene({ shown }: { shown: ShownBrand }): ReactNode {
  const t = useText('branding')
  return (
    <Scene name={t('previewMail')} kind="mail">
      <div className="brand-line">
        <Mark shown={shown} size={22} />
      </div>
      <div className="brand-letter-body">
        <b>{t('sampleSubject')}</b>
        <p>{t('sampleText')}</p>
        <span className="brand-button">{t('sampleButton')}</span>
      </div>
    </Scene>
  )
}
