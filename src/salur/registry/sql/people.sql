-- Families, cards, persons and accounts hold every family of the country: written set by set, never row by row.
create table registry_family (
    family_id bigint primary key,
    no_kk text not null unique,
    region_code text collate "C" not null,
    address text not null default '',
    decile smallint check (decile between 1 and 10),
    details jsonb not null default '{}',
    content text not null,
    file_id bigint not null
);
create index registry_family_region on registry_family (region_code);

create table registry_card (
    no_kk text primary key,
    family_id bigint not null,
    file_id bigint not null,
    since timestamptz not null default now(),
    until timestamptz
);
create index registry_card_family on registry_card (family_id);

create table registry_person (
    person_id bigint primary key,
    nik text not null unique,
    family_id bigint not null,
    region_code text collate "C" not null,
    name text not null,
    name_key text collate "C" not null,
    birth_date date not null,
    sex text not null check (sex in ('L', 'P')),
    relation text not null,
    civil_status text not null,
    school text not null,
    is_pregnant boolean not null,
    is_severely_disabled boolean not null,
    occupation text not null,
    occupation_class text not null,
    content text not null,
    version int not null default 1,
    file_id bigint not null
);
create index registry_person_family on registry_person (family_id);

create table registry_account (
    person_id bigint not null,
    version int not null,
    region_code text collate "C" not null,
    bank text not null,
    number text not null,
    holder_name text not null,
    holder_key text not null,
    status text not null,
    content text not null,
    is_current boolean not null,
    file_id bigint not null,
    since timestamptz not null default now(),
    primary key (person_id, version)
);
create unique index registry_account_current on registry_account (person_id) where is_current;

-- Earlier contents of persons and families; the name and account an instruction used can be found again by version.
create table registry_person_past (like registry_person, until timestamptz not null default now(), actor text not null default acting());
create index registry_person_past_id on registry_person_past (person_id, version);
create table registry_family_past (like registry_family, until timestamptz not null default now(), actor text not null default acting());
create index registry_family_past_id on registry_family_past (family_id);

create function keep_past_persons() returns trigger language plpgsql as $$
begin
    insert into registry_person_past select o.*, now(), acting() from before_change o;
    return null;
end $$;
create trigger past after update on registry_person referencing old table as before_change
    for each statement execute function keep_past_persons();
create trigger past_gone after delete on registry_person referencing old table as before_change
    for each statement execute function keep_past_persons();

create function keep_past_families() returns trigger language plpgsql as $$
begin
    insert into registry_family_past select o.*, now(), acting() from before_change o;
    return null;
end $$;
create trigger past after update on registry_family referencing old table as before_change
    for each statement execute function keep_past_families();
create trigger past_gone after delete on registry_family referencing old table as before_change
    for each statement execute function keep_past_families();

-- Rows that contradict others wait here for a person. `family_id` names the family that may not enter a release meanwhile.
create table registry_review (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('families', 'persons', 'accounts')),
    reason text not null,
    nik text,
    no_kk text,
    family_id bigint,
    region_code text collate "C" not null default '',
    file_id bigint,
    baris bigint,
    given jsonb not null,
    state text not null default 'OPEN' check (state in ('OPEN', 'ACCEPTED', 'DROPPED', 'ARRIVED')),
    opened_at timestamptz not null default now(),
    decided_at timestamptz,
    decided_by text,
    decision_reason text
);
create index registry_review_family on registry_review (family_id);
create index registry_review_open_family on registry_review (family_id) where state = 'OPEN';
create index registry_review_open_kk on registry_review (no_kk) where state = 'OPEN';
create index registry_review_open_nik on registry_review (nik) where state = 'OPEN';

-- What an accepted row makes one look at, and which rows of which family were rejected.
create table registry_finding (
    id bigint generated always as identity primary key,
    code text not null,
    family_id bigint,
    person_id bigint,
    no_kk text,
    nik text,
    region_code text collate "C" not null default '',
    file_id bigint not null,
    baris bigint not null
);
create index registry_finding_family on registry_finding (family_id);
create index registry_finding_kk on registry_finding (no_kk);

select protect_families('registry_family', 'region_code');
select protect_families('registry_person', 'region_code');
select protect_families('registry_account', 'region_code');
select protect_families('registry_person_past', 'region_code');
select protect_families('registry_family_past', 'region_code');
select protect_families('registry_review', 'region_code');
select protect_families('registry_finding', 'region_code');
