import type { BackupsView } from '../../../../server/features/backup/console/backup-calls.ts'

type Plan = BackupsView['plan']
/** Where backups go, as people choose it. */
export type Destination = 'oss' | 'cos' | 'minio' | 's3' | 'folder'
export const destinations = ['oss', 'cos', 'minio', 's3', 'folder'] as const

/** What of a plan says where its backups go. */
type Place = Pick<Plan, 'place' | 'endpoint' | 'region' | 'addressing'>

/** The vendors whose address follows from the region, with some of their regions to choose from. */
const byRegion = {
  oss: {
    endpoint: (region: string) => `https://s3.oss-${region}.aliyuncs.com`,
    regions: [
      'cn-hangzhou',
      'cn-shanghai',
      'cn-beijing',
      'cn-shenzhen',
      'cn-guangzhou',
      'cn-chengdu',
      'cn-hongkong',
    ],
  },
  cos: {
    endpoint: (region: string) => `https://cos.${region}.myqcloud.com`,
    regions: [
      'ap-guangzhou',
      'ap-shanghai',
      'ap-beijing',
      'ap-nanjing',
      'ap-chengdu',
      'ap-chongqing',
      'ap-hongkong',
    ],
  },
} as const

export function regionsOf(destination: Destination): readonly string[] {
  return hasRegions(destination) ? byRegion[destination].regions : []
}

/** Whether the address follows from the region, so that the form need not ask for it. */
export function hasRegions(destination: Destination): destination is 'oss' | 'cos' {
  return destination === 'oss' || destination === 'cos'
}

export function destinationOf({ place, endpoint, addressing }: Place): Destination {
  if (place === 'folder') return 'folder'
  const host = URL.parse(endpoint)?.hostname ?? ''
  if (/\.aliyuncs\.com$/.test(host)) return 'oss'
  if (/\.myqcloud\.com$/.test(host)) return 'cos'
  if (addressing === 'path') return 'minio'
  return endpoint === '' ? 'oss' : 's3'
}

/**
 * What choosing a destination fills in: how the bucket is addressed, and all that the vendor prescribes. The folder is named in the
 * environment, so that the fields of a bucket stay as they are.
 */
export function presetOf(destination: Destination): Partial<Place> {
  if (destination === 'folder') return { place: 'folder' }
  const addressing = destination === 'minio' ? 'path' : 'virtual-host'
  const region = hasRegions(destination) ? byRegion[destination].regions[0] : 'us-east-1'
  return { place: 's3', endpoint: endpointFor(destination, region), region, addressing }
}

/** The address that follows from a region; '' where none does. */
function endpointFor(destination: Destination, region: string): string {
  return hasRegions(destination) && region ? byRegion[destination].endpoint(region) : ''
}

/** The address after another region was chosen; one that was typed, such as that of an inner network, stays. */
export function endpointAfter(
  destination: Destination,
  before: { region: string; endpoint: string },
  region: string,
): string {
  const isDerived = before.endpoint === '' || before.endpoint === endpointFor(destination, before.region)
  return isDerived ? endpointFor(destination, region) : before.endpoint
}
