/** Who can sign in at the issuer of this computer, by a button: people to play every part with, none of them real. */
export interface DemoPerson {
  /** Person id. */
  readonly id: string;
  readonly title: { readonly id: string; readonly en: string };
  readonly grants: readonly string[];
}

const at = 'LP-MOJOKERTO';

export const PERSONS: readonly DemoPerson[] = [
  person('officer', 'Petugas Lapas Mojokerto', 'Officer at Lapas Mojokerto', `officer@facility:${at}`),
  person('treasurer-1', 'Bendahara 1 Lapas Mojokerto', 'Treasurer 1 at Lapas Mojokerto', `drafter@facility:${at}`),
  person('treasurer-2', 'Bendahara 2 Lapas Mojokerto', 'Treasurer 2 at Lapas Mojokerto', `drafter@facility:${at}`),
  person('approver', 'Kepala Lapas Mojokerto', 'Head of Lapas Mojokerto', `approver@facility:${at}`),
  person('national-drafter', 'Keuangan Ditjen', 'Finance at the Directorate', 'drafter@national'),
  person('national-approver', 'Pejabat Ditjen', 'Approver at the Directorate', 'approver@national'),
  person('auditor', 'Auditor', 'Auditor', 'auditor@national'),
  person('region', 'Kanwil Jawa Timur', 'Regional office, East Java', 'overseer@region:Jawa Timur'),
  person('directorate', 'Ditjen Pemasyarakatan', 'Directorate General', 'overseer@national'),
  person('privacy-1', 'Pelindung data 1', 'Privacy officer 1', 'privacy@national'),
  person('privacy-2', 'Pelindung data 2', 'Privacy officer 2', 'privacy@national'),
  person('operator-1', 'Operator 1', 'Operator 1', 'operator@national'),
  person('operator-2', 'Operator 2', 'Operator 2', 'operator@national'),
  person('administrator', 'Administrator', 'Administrator', 'administrator@national'),
  person('marketplace', 'Integrator Blanja', 'Integrator of Blanja', 'marketplace@channel:blanja'),
  person('maker', 'Warga binaan M-MJK-01', 'Maker M-MJK-01', 'maker@maker:M-MJK-01'),
];

function person(id: string, indonesian: string, english: string, ...grants: string[]): DemoPerson {
  return { id, title: { id: indonesian, en: english }, grants };
}

/** Programs of marketplaces, each with a secret of its own. */
export const MARKETPLACES = ['blanja', 'uji'] as const;
