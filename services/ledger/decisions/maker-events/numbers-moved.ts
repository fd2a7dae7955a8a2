/** SQL, in FROM: the numbers of persons who were transferred to these facilities, those that were merged into theirs as well. */
export const numbersMovedTo = (facilities: string) => `(
  WITH person AS (SELECT maker_id FROM maker_event
                   WHERE facility_id = ANY (${facilities}) AND type = 'transfer' AND number IS NOT NULL)
  SELECT maker_id FROM person
  UNION
  SELECT merged.maker_id FROM person JOIN merged_makers(false) AS merged ON person_id = person.maker_id) AS moved`;
