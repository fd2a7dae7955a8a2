import pg from 'pg';

/** What a database holds now, to which it can be put back: that is sooner done than another one is migrated. */
export class Pristine {
  private constructor(private readonly superuser: pg.Client) {}

  /** @param url of a superuser, whom no trigger stops */
  static async of(url: string): Promise<Pristine> {
    const superuser = new pg.Client(url);
    await superuser.connect();
    await superuser.query('SET session_replication_role = replica');
    await superuser.query('CREATE SCHEMA pristine');
    await superuser.query(eachTable(`EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', name);`));
    return new Pristine(superuser);
  }

  async putBack(): Promise<void> {
    await this.superuser.query(
      eachTable(`EXECUTE format('DELETE FROM public.%1$I', name);
        EXECUTE format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE TABLE pristine.%1$I', name);`),
    );
  }

  async close(): Promise<void> {
    await this.superuser.end();
  }
}

function eachTable(statements: string): string {
  return `DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP ${statements} END LOOP;
  END $$`;
}
