import { scopeLevels } from './in-force.ts';

const levels = `ARRAY[${scopeLevels.map((level) => `'${level}'`)}]`;

/**
 * SQL, from FROM on, inside of a query over sales' `journal`: those lines of the sale that are in a scope (as
 * `agreementInForce` finds them), but for those that an agreement of a more specific scope shared.
 * @param level @param id parameters of the statement; the id of the nation is null
 */
export function linesInScope(level: string, id: string): string {
  return `FROM sale_line
     JOIN agreement AS sharing ON (sharing.agreement_id, sharing.version) = (shared_by, shared_by_version)
    WHERE sale_line.sale_id = source_reference
      AND array_position(${levels}, sharing.scope_level) <= array_position(${levels}, ${level})
      AND CASE ${level}::text
            WHEN 'national' THEN true
            WHEN 'region' THEN source ->> 'region' = ${id}
            WHEN 'facility' THEN facility_id = ${id}
            ELSE EXISTS (SELECT FROM json_array_elements(source -> 'lines') AS sold
                          WHERE sold ->> 'lineRef' = sale_line.line_ref
                            AND sold ->> CASE ${level} WHEN 'product' THEN 'sku' ELSE 'programme' END = ${id})
          END`;
}
