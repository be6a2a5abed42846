import { writeChoice } from '../../ui/storage/stored.ts'

/** The button of the head; the choice is that of the console and the portal too. */
export function chooseTheme(): void {
  document.addEventListener('click', event => {
    if (!(event.target as Element).closest('#theme')) return
    const { dataset } = document.documentElement
    dataset['theme'] = dataset['theme'] === 'dark' ? 'light' : 'dark'
    writeChoice('wisp.theme', dataset['theme'])
  })
}
